package io.sockeye.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example as it is started by hand, with all its processes; HAProxy has to be installed. */
@Timeout(180)
class ClusterTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static Cluster cluster;
    private final List<Visit> visits = new ArrayList<>();

    @BeforeAll
    static void start() {
        cluster = Cluster.start(/* port= */ 0);
    }

    /** Nothing that was started is left. */
    @AfterAll
    static void stop() {
        Map<String, Long> nodes = cluster.pids();
        List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
        cluster.close();
        assertThat(nodes).hasSize(3);
        assertThat(all).hasSizeGreaterThan(5).noneMatch(ProcessHandle::isAlive);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), cluster.port()).close())
                .isInstanceOf(IOException.class);
    }

    @AfterEach
    void leave() {
        visits.forEach(Visit::close);
    }

    private Visit visit(String name, String room, String... transports) {
        Visit visit = new Visit(cluster.port(), name, room, transports);
        visits.add(visit);
        return visit;
    }

    @Test
    void pageIsServedThroughTheBalancer() throws Exception {
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + cluster.port() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Sockeye cluster</title>");
    }

    @Test
    void visitorsOfAllNodesHearEachOther() throws Exception {
        List<Visit> all = new ArrayList<>();
        Set<String> nodes = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            Visit visit = visit("user " + i, i % 2 == 0 ? "even" : "odd", i < 3 ? "polling" : "websocket");
            nodes.add(visit.hear("welcome").getString("node"));
            all.add(visit);
        }
        assertThat(nodes).as("nodes that serve six visitors").hasSizeGreaterThan(1);

        assertThat(all.get(0).say("all", "", "to all").isNull("error")).isTrue();
        for (Visit visit : all) {
            assertThat(visit.hear("said").getString("text")).isEqualTo("to all");
        }
        all.get(1).say("room", "odd", "to the odd");
        all.get(2).say("user", "user 5", "to the last");
        all.get(3).say("all", "", "bye");
        assertThat(all.get(1).hear("said").getString("text")).isEqualTo("to the odd");
        assertThat(all.get(5)
                        .hear("said", said -> said.optString("kind").equals("user"))
                        .getString("from"))
                .isEqualTo("user 2");
        assertThat(all.get(4).hear("said").getString("text")).isEqualTo("bye");
        assertThat(all.get(4).hasHeard("said")).isFalse();
    }

    @Test
    void manyMessagesOverPollingKeepTheirOrder() throws Exception {
        Visit talker = visit("talker", "order", "polling");
        Visit listener = visit("listener", "order", "polling");
        talker.hear("welcome");
        listener.hear("welcome");
        for (int i = 0; i < 100; i++) {
            talker.say("room", "order", "message " + i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(listener.hear("said").getString("text")).isEqualTo("message " + i);
        }
        long forwarded = 0;
        for (String name : List.of("node-1", "node-2", "node-3")) {
            JSONObject state =
                    listener.hear("node", node -> node.optString("name").equals(name));
            forwarded += state.getLong("forwarded");
        }
        assertThat(forwarded).as("requests that were passed on").isGreaterThan(100);
    }

    @Test
    void visitorsOfANodeThatIsKilledGoOnElsewhereAndTheNodeComesBack() throws Exception {
        Visit polling = visit("poller", "killed", "polling");
        Visit socket = visit("socket", "killed", "websocket");
        String first = polling.hear("welcome").getString("node");
        String second = socket.hear("welcome").getString("node");
        long pid = cluster.pids().get(second);

        polling.kill(second);
        assertThat(socket.hear("welcome").getString("node")).isNotEqualTo(second);
        if (first.equals(second)) {
            assertThat(polling.hear("welcome").getString("node")).isNotEqualTo(first);
        }
        await().atMost(SOON).until(() -> cluster.pids().getOrDefault(second, pid) != pid);
        JSONObject back = socket.hear(
                "node",
                node -> node.optString("name").equals(second)
                        && node.optLong("pid") == cluster.pids().get(second));
        assertThat(back.getLong("upSeconds")).isLessThan(30);
    }
}
