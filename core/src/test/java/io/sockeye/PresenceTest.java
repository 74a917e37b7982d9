package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.adapter.RoomMember;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users, and who is in a room, on a server that stands alone. */
final class PresenceTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private void usersByName() {
        io.server().use(socket -> {
            String name = socket.handshake().auth("name");
            if (name != null) {
                socket.userId(name);
            }
        });
    }

    private Socket join(TestClient client, String name) {
        client.send("40{\"name\":\"" + name + "\"}");
        return client.joined("/");
    }

    @Test
    void userIsReachedOnEveryDevice() {
        usersByName();
        TestClient phone = io.connect();
        TestClient desk = io.connect(io.otherLoop);
        TestClient bob = io.connect();
        Socket socket = join(phone, "ann");
        join(desk, "ann");
        join(bob, "bob");
        io.connect().join();
        assertThat(socket.userId()).isEqualTo("ann");
        assertThat(socket.rooms()).containsExactlyInAnyOrder(socket.id(), "@user:ann");
        io.server().toUser("ann").emit("x");
        io.server().of("/").toUser("ann", "bob").except("nobody").emit("y");
        socket.broadcast().exceptUser("bob").to("@user:ann", "@user:bob").emit("z");
        io.settle();
        phone.expect("42[\"x\"]", "42[\"y\"]");
        desk.expect("42[\"x\"]", "42[\"y\"]", "42[\"z\"]");
        bob.expect("42[\"y\"]");
        assertThat(SocketIoFixture.now(io.server().toUser("ann").countSockets()).count())
                .isEqualTo(2);
        assertThat(SocketIoFixture.now(io.server().toUser("bob").fetchSockets())
                        .sockets()
                        .get(0)
                        .userId())
                .isEqualTo("bob");
    }

    @Test
    void socketIsTiedInMiddlewareOnly() {
        io.server().use(socket -> {
            socket.userId("first");
            socket.userId("last");
            assertThat(socket.rooms()).containsExactly("@user:last");
        });
        Socket socket = io.connect().join();
        assertThat(socket.userId()).isEqualTo("last");
        assertThat(socket.rooms()).containsExactlyInAnyOrder(socket.id(), "@user:last");
        assertThatThrownBy(() -> socket.userId("other")).hasMessage("userId: the socket has been admitted");
        assertThatThrownBy(() -> socket.userId("")).hasMessage("userId: (empty) (expected: an identifier)");
    }

    @Test
    void nobodyBecomesAUserByJoiningARoom() {
        Socket socket = io.connect().join();
        String message = "room: it begins with @user: (expected: another one; userId ties sockets to users)";
        assertThatThrownBy(() -> socket.join("red", "@user:ann")).hasMessage(message);
        assertThatThrownBy(() -> socket.leave("@user:ann")).hasMessage(message);
        assertThatThrownBy(() -> io.server().socketsJoin("@user:ann")).hasMessage(message);
        assertThatThrownBy(() -> io.server().socketsLeave("@user:ann")).hasMessage(message);
        RemoteSocket remote =
                SocketIoFixture.now(io.server().fetchSockets()).sockets().get(0);
        assertThat(remote.userId()).isNull();
        assertThatThrownBy(() -> remote.join("@user:ann")).hasMessage(message);
        assertThatThrownBy(() -> remote.leave("@user:ann")).hasMessage(message);
        assertThat(socket.rooms()).containsExactly(socket.id());
    }

    @Test
    void whoComesAndGoesIsTold() {
        usersByName();
        Presence presence = io.server().of("/").presence("red");
        presence.onJoin(member -> io.tell("+" + member.userId()));
        presence.onLeave(member -> io.tell("-" + member.userId()));
        presence.onUserJoin(user -> io.tell("online " + user));
        presence.onUserLeave(user -> io.tell("offline " + user));
        TestClient phone = io.connect();
        Socket one = join(phone, "ann");
        Socket two = join(io.connect(), "ann");
        Socket nobody = io.connect().join();
        one.join("red");
        two.join("red", "blue");
        nobody.join("red");
        assertThat(presence.members())
                .containsExactly(
                        new RoomMember(one.id(), "ann"),
                        new RoomMember(two.id(), "ann"),
                        new RoomMember(nobody.id(), null));
        assertThat(presence.userIds()).containsExactly("ann");
        assertThat(presence.missingServers()).isZero();
        assertThat(presence.room()).isEqualTo("red");
        io.settle();
        io.expectTold("+ann", "online ann", "+ann", "+null");
        phone.close();
        two.leave("red");
        io.settle();
        io.expectTold("-ann", "-ann", "offline ann");
        presence.close();
        nobody.leave("red");
        io.settle();
        io.expectTold();
        assertThat(presence.members()).isEmpty();
    }

    @Test
    void handlerThatFailsStopsNobody() {
        Presence presence = io.server().of("/").presenceOfUser("ann");
        presence.onJoin(member -> {
            throw new IllegalStateException("no");
        });
        presence.onJoin(member -> io.tell("there"));
        usersByName();
        join(io.connect(), "ann");
        io.expectTold("there");
        io.expectLogged("ERROR a handler of the presence in room \"@user:ann\" failed");
        presence.close();
    }

    @Test
    void recoveredSocketIsTiedAlready() {
        io.settings().connectionStateRecovery(ConnectionStateRecovery.defaults());
        io.server().use(socket -> socket.userId("ann"));
        Presence presence = io.server().of("/").presence("@user:ann");
        presence.onJoin(member -> io.tell("+"));
        presence.onLeave(member -> io.tell("-"));
        ReturningClient client = new ReturningClient(io);
        client.connect(io.loop);
        io.server().toUser("ann").emit("x");
        client.read(1).drop();
        io.settle();
        client.connect(io.otherLoop).expectRecovered(true);
        io.settle();
        assertThat(client.socket().userId()).isEqualTo("ann");
        assertThat(client.socket().rooms()).contains("@user:ann");
        io.expectTold("+", "-", "+");
        presence.close();
        io.discardSent();
        io.advance(Duration.ofMillis(1));
    }
}
