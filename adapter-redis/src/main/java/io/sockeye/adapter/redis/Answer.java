package io.sockeye.adapter.redis;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.socketio.Arguments;
import io.sockeye.protocol.socketio.MessageReader;
import io.sockeye.protocol.socketio.RawArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody answered, in the making ({@link PacketCodec#writeAnswer}). Confined to its reader. */
final class Answer {
    private @Nullable RawArgument first;
    private List<RawArgument> more = List.of();

    void first(MessageReader reader) throws ProtocolException {
        first = reader.raw();
    }

    void more(MessageReader reader) throws ProtocolException {
        Arguments args = reader.arguments();
        more = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            more.add(args.raw(i));
        }
    }

    Arguments args() {
        if (first == null) {
            return Arguments.of();
        }
        RawArgument[] all = new RawArgument[1 + more.size()];
        all[0] = first;
        for (int i = 1; i < all.length; i++) {
            all[i] = more.get(i - 1);
        }
        return Arguments.of(Arrays.asList(all));
    }
}
