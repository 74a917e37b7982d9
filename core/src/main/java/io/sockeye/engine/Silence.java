package io.sockeye.engine;

import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.Transport;

/** Listens to a transport that nobody wants to hear of. */
enum Silence implements Transport.Listener {
    INSTANCE;

    @Override
    public void onPacket(EnginePacket packet) {}

    @Override
    public void onWritable() {}

    @Override
    public void onClose() {}

    @Override
    public void onError(Transport.Failure kind, String description) {}
}
