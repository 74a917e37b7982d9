package io.sockeye.examples.chat;

import io.sockeye.ConnectError;
import io.sockeye.Namespace;
import io.sockeye.Socket;
import io.sockeye.SocketIoServer;
import io.sockeye.examples.chat.Messages.Join;
import io.sockeye.examples.chat.Messages.Message;
import io.sockeye.examples.chat.Messages.Post;
import io.sockeye.examples.chat.Messages.Receipt;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The chat: what happens on which event. A connection is in one room under one nickname, both of which it names when it
 * connects.
 *
 * <p>Handlers of one socket run one at a time, those of different sockets side by side; what they share is {@link Rooms}.
 */
final class Chat {
    private final Clock clock;
    private final Rooms rooms;

    Chat(Clock clock) {
        this.clock = clock;
        this.rooms = new Rooms(clock);
    }

    /** Adds the chat to a server. */
    void serve(SocketIoServer io) {
        io.use(socket -> rooms.check(joinOf(socket)));
        io.onConnection(this::connected);
    }

    private void connected(Socket socket) {
        Member member;
        try {
            member = rooms.enter(joinOf(socket), socket.id());
        } catch (ConnectError e) {
            socket.disconnect(); // somebody took the nickname since the middleware ran; the page asks again and is told
            return;
        }
        disconnect(socket.namespace(), member.replacedSocketId());

        Room room = member.room();
        String name = room.name();
        socket.join(name);
        socket.emit("welcome", room.welcome(member));
        if (member.replacedSocketId() == null) {
            socket.to(name).emit("joined", room.presence(member));
        }

        socket.onWithAck("message", Post.class, post -> receive(post, member, socket));
        socket.on("typing", Boolean.class, typing -> {
            socket.to(name).volatileFlag().emit("typing", member.nickname(), typing);
        });
        socket.onDisconnect(reason -> {
            if (room.leave(member)) {
                socket.to(name).emit("left", room.presence(member));
            }
        });
    }

    private Receipt receive(Post post, Member member, Socket socket) {
        Message message;
        try {
            message = Rules.message(post, member.nickname(), clock.millis());
        } catch (PostRefused e) {
            return Receipt.refused(e.reason());
        }
        Message before = member.room().keep(message);
        if (before != null) { // sent again, because the receipt was lost
            return Receipt.taken(before);
        }
        socket.to(member.room().name()).emit("message", message);
        return Receipt.taken(message);
    }

    /** Ends a connection that its page has given up already, which the server would only notice at the next ping. */
    private static void disconnect(Namespace namespace, @Nullable String socketId) {
        Socket socket = socketId == null ? null : namespace.socket(socketId);
        if (socket != null) {
            socket.disconnect(/* close= */ true);
        }
    }

    private static Join joinOf(Socket socket) {
        Join join = socket.handshake().auth(Join.class);
        return join == null ? new Join(null, null, null) : join;
    }
}
