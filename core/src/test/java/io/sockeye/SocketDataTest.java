package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.socketio.SocketJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What the application attaches to a socket. */
final class SocketDataTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    private final JsonMapper mapper = SocketJson.mapper().build();
    private final SocketData data = new SocketData(mapper);

    record User(String name, int age) {}

    @Test
    void valueIsTheVeryObjectThatWasPut() {
        User user = new User("ann", 7);
        data.put("user", user);
        assertThat(data.get("user", User.class)).isSameAs(user);
        assertThat(data.get("user", Object.class)).isSameAs(user);
        assertThat(data.contains("user")).isTrue();
        assertThat(data.names()).containsExactly("user");
    }

    @Test
    void absentValueIsNull() {
        assertThat(data.get("user", User.class)).isNull();
        assertThat(data.get("users", new TypeReference<List<User>>() {})).isNull();
        assertThat(data.isEmpty()).isTrue();
    }

    @Test
    void nullRemoves() {
        data.put("a", 1).put("a", null).put("b", null);
        assertThat(data.isEmpty()).isTrue();
        Map<String, Object> more = new HashMap<>();
        more.put("c", 3);
        more.put("d", null);
        assertThat(data.put("d", 4).putAll(more).asMap()).isEqualTo(Map.of("c", 3));
        assertThat(data.remove("c")).isTrue();
        assertThat(data.remove("c")).isFalse();
    }

    @Test
    void firstValueStaysWhereItIsAskedTo() {
        assertThat(data.putIfAbsent("a", 1)).isTrue();
        assertThat(data.putIfAbsent("a", 2)).isFalse();
        assertThat(data.get("a", int.class)).isEqualTo(1);
    }

    @Test
    void valueThatTravelledIsBoundToTheTypeAskedFor() {
        data.put("user", new User("ann", 7)).put("tags", List.of("x", "y")).put("n", 3);
        SocketData elsewhere = new SocketData(mapper).putJson(mapper.readTree(mapper.writeValueAsString(data)));
        assertThat(elsewhere.get("user", User.class)).isEqualTo(new User("ann", 7));
        assertThat(elsewhere.get("tags", new TypeReference<List<String>>() {})).containsExactly("x", "y");
        assertThat(elsewhere.get("n", int.class)).isEqualTo(3);
        assertThat(elsewhere.toJson()).isEqualTo(data.toJson());
    }

    @Test
    void valueThatDoesNotFitIsRefusedByName() {
        data.put("user", List.of(1));
        assertThatThrownBy(() -> data.get("user", User.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("data \"user\": ")
                .hasMessageContaining("expected: ")
                .hasMessageContaining("User");
    }

    @Test
    void middlewareAttachesAndHandlersReadUntilTheEnd() {
        io.server().use(socket -> socket.data().put("user", "ann"));
        io.server().onConnection(socket -> {
            io.tell("hello " + socket.data().get("user", String.class));
            socket.onDisconnect(reason -> io.tell("bye " + socket.data().get("user", String.class)));
        });
        TestClient client = io.connect();
        client.join();
        client.send("41");
        io.expectTold("hello ann", "bye ann");
    }
}
