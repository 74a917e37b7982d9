package io.sockeye;

import io.sockeye.protocol.socketio.Arguments;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Gathers the acknowledgements of one broadcast. Guarded by its monitor; the future completes outside of it. */
final class AckCollector {
    private final CompletableFuture<Acknowledgements> future = new CompletableFuture<>();
    private final Map<String, Arguments> received = new LinkedHashMap<>();
    private final Set<String> awaited = new LinkedHashSet<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final Executor completions;

    AckCollector(Set<String> socketIds, Executor completions) {
        this.awaited.addAll(socketIds);
        this.completions = completions;
    }

    CompletableFuture<Acknowledgements> future() {
        return future;
    }

    /** What learns of one socket's acknowledgement. */
    PendingAcks.Receiver receiver(String socketId) {
        return new PendingAcks.Receiver() {
            @Override
            public void acknowledged(Arguments args) {
                settle(socketId, args);
            }

            @Override
            public void failed(RuntimeException reason) {
                settle(socketId, null);
            }
        };
    }

    /** That socket's client has acknowledged, or will not. */
    private void settle(String socketId, @Nullable Arguments args) {
        Acknowledgements result;
        synchronized (this) {
            if (!awaited.remove(socketId)) {
                return;
            }
            if (args == null) {
                missing.add(socketId);
            } else {
                received.put(socketId, args);
            }
            result = resultIfDone();
        }
        complete(result);
    }

    /** There is nobody to wait for. */
    void finish() {
        complete(resultIfDone());
    }

    private @Nullable Acknowledgements resultIfDone() {
        if (!awaited.isEmpty()) {
            return null;
        }
        return new Acknowledgements(Collections.unmodifiableMap(received), Collections.unmodifiableSet(missing));
    }

    private void complete(@Nullable Acknowledgements result) {
        if (result != null) {
            completions.execute(() -> future.complete(result));
        }
    }
}
