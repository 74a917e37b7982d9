package io.sockeye.adapter;

import io.sockeye.protocol.socketio.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gathers this node's acknowledgements of one broadcast. Guarded by its monitor; the future completes outside of it. */
final class AckCollector implements LocalNamespace.AckReceiver {
    private final CompletableFuture<AckAnswers> future = new CompletableFuture<>();
    private final List<AckAnswers.Answer> received = new ArrayList<>();
    private int awaited;
    private int missing;

    CompletableFuture<AckAnswers> future() {
        return future;
    }

    @Override
    public void sentTo(int count) {
        settle(count, null, 0);
    }

    @Override
    public void acknowledged(String socketId, Arguments args) {
        settle(-1, new AckAnswers.Answer(socketId, args), 0);
    }

    @Override
    public void missed(String socketId, boolean late) {
        settle(-1, null, 1);
    }

    private void settle(int more, AckAnswers.@Nullable Answer answer, int missed) {
        AckAnswers result;
        synchronized (this) {
            awaited += more;
            missing += missed;
            if (answer != null) {
                received.add(answer);
            }
            if (awaited > 0) {
                return;
            }
            result = new AckAnswers(received, missing, /* missingNodes= */ 0);
        }
        future.complete(result);
    }
}
