package io.sockeye.engine;

import org.jspecify.annotations.Nullable;

/** Listens to a session while nobody else does: what comes is dropped. */
enum Unheard implements EngineSession.Listener {
    INSTANCE;

    @Override
    public void onMessage(byte[] array, int offset, int length) {}

    @Override
    public void onBinary(byte[] data) {}

    @Override
    public void onClose(CloseReason reason, @Nullable String description) {}
}
