package io.sockeye.transport.websocket;

import io.sockeye.protocol.engineio.EnginePacket;
import io.sockeye.transport.Transport;

/** Listens to a transport. Overridden where a test is concerned. */
abstract class Unconcerned implements Transport.Listener {
    @Override
    public void onPacket(EnginePacket packet) {}

    @Override
    public void onWritable() {}

    @Override
    public void onClose() {}

    @Override
    public void onError(Transport.Failure kind, String description) {}
}
