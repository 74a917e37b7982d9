package io.sockeye;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The handlers of a socket's end. Guarded by its monitor; handlers run outside of it, in the mailbox. */
final class Lifecycle {
    private @Nullable List<Consumer<DisconnectReason>> disconnecting;
    private @Nullable List<BiConsumer<DisconnectReason, @Nullable String>> disconnect;

    synchronized void onDisconnecting(Consumer<DisconnectReason> handler) {
        if (disconnecting == null) {
            disconnecting = new ArrayList<>(1);
        }
        disconnecting.add(handler);
    }

    synchronized void onDisconnect(BiConsumer<DisconnectReason, @Nullable String> handler) {
        if (disconnect == null) {
            disconnect = new ArrayList<>(1);
        }
        disconnect.add(handler);
    }

    void runDisconnecting(Socket socket, DisconnectReason reason) {
        List<Consumer<DisconnectReason>> handlers;
        synchronized (this) {
            handlers = disconnecting == null ? List.of() : List.copyOf(disconnecting);
        }
        for (Consumer<DisconnectReason> handler : handlers) {
            guard(socket, "disconnecting", () -> handler.accept(reason));
        }
    }

    void runDisconnect(Socket socket, DisconnectReason reason, @Nullable String description) {
        List<BiConsumer<DisconnectReason, @Nullable String>> handlers;
        synchronized (this) {
            handlers = disconnect == null ? List.of() : List.copyOf(disconnect);
        }
        for (BiConsumer<DisconnectReason, @Nullable String> handler : handlers) {
            guard(socket, "disconnect", () -> handler.accept(reason, description));
        }
    }

    private static void guard(Socket socket, String event, Runnable handler) {
        try {
            handler.run();
        } catch (Throwable e) { // application code: one hook learns of whatever it throws
            socket.namespace().handlerFailed(socket, event, e);
        }
    }
}
