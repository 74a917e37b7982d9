package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Namespaces that are made when a client first asks for them. */
final class NamespaceOnDemandTest {
    @RegisterExtension
    final SocketIoFixture io = new SocketIoFixture();

    @Test
    void nameIsGivenItsSlash() {
        assertThat(io.server().of("admin")).isSameAs(io.server().of("/admin"));
        assertThat(io.server().of("/admin").name()).isEqualTo("/admin");
    }

    @Test
    void patternMakesANamespaceForEachNameThatMatchesAsAWhole() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        parent.use(socket -> io.tell("middleware " + socket.namespace().name()));
        parent.onConnection(socket -> io.tell("connection " + socket.namespace().name()));
        TestClient client = io.connect();
        Socket one = client.join("/room-1");
        Socket two = client.join("/room-22");
        io.expectTold("middleware /room-1", "connection /room-1", "middleware /room-22", "connection /room-22");
        assertThat(parent.children()).containsExactlyInAnyOrder(one.namespace(), two.namespace());
        client.send("40/room-1x,", "40/a/room-1,")
                .expect(
                        "44/room-1x,{\"message\":\"Invalid namespace\"}",
                        "44/a/room-1,{\"message\":\"Invalid namespace\"}");
    }

    @Test
    void matcherSeesTheNameAndWhatTheClientSays() {
        io.server().of((name, auth) -> {
            io.tell(name + " " + auth.size());
            return !auth.isEmpty()
                    && name.equals("/" + auth.get(0, Tenant.class).tenant());
        });
        TestClient client = io.connect();
        client.send("40/a,").expect("44/a,{\"message\":\"Invalid namespace\"}");
        client.send("40/a,{\"tenant\":\"b\"}").expect("44/a,{\"message\":\"Invalid namespace\"}");
        client.send("40/a,{\"tenant\":\"a\"}");
        client.joined("/a");
        io.expectTold("/a 0", "/a 1", "/a 1");
    }

    record Tenant(String tenant) {}

    @Test
    void matchersAreAskedInOrderAndOneThatThrowsSaysNo() {
        io.server().of((name, auth) -> {
            throw new IllegalStateException("broken");
        });
        io.server().of((name, auth) -> {
            throw new StackOverflowError("deep");
        });
        ParentNamespace second = io.server().of((name, auth) -> name.equals("/x"));
        ParentNamespace third = io.server().of((name, auth) -> true);
        TestClient client = io.connect();
        client.join("/x");
        client.join("/y");
        assertThat(second.children()).extracting(Namespace::name).containsExactly("/x");
        assertThat(third.children()).extracting(Namespace::name).containsExactly("/y");
        io.expectLogged(
                "ERROR a namespace matcher failed on \"/x\"",
                "ERROR a namespace matcher failed on \"/x\"",
                "ERROR a namespace matcher failed on \"/y\"",
                "ERROR a namespace matcher failed on \"/y\"");
    }

    @Test
    void namespaceThatIsThereIsNotAskedFor() {
        io.server().of((name, auth) -> {
            io.tell("asked");
            return true;
        });
        io.server().of("/known");
        io.connect().join("/known");
        io.expectTold();
    }

    @Test
    void parentEmitsToAllItsChildren() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        TestClient client = io.connect();
        client.join();
        client.join("/room-1");
        TestClient other = io.connect(io.otherLoop);
        other.join("/room-2");
        assertThat(parent.emit("x", 1)).isTrue();
        io.settle();
        client.expect("42/room-1,[\"x\",1]");
        other.expect("42/room-2,[\"x\",1]");
    }

    @Test
    void whatIsAddedToTheParentLaterCountsForChildrenMadeLater() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        TestClient client = io.connect();
        client.join("/room-1");
        parent.onConnection(socket -> io.tell("connection " + socket.namespace().name()));
        io.connect().join("/room-1");
        client.join("/room-2");
        io.expectTold("connection /room-2");
    }

    @Test
    void twoClientsThatAskAtOnceShareTheNamespace() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        TestClient one = io.connect().receive("40/room-1,");
        TestClient two = io.connect(io.otherLoop).receive("40/room-1,");
        io.settle();
        assertThat(one.joined("/room-1").namespace())
                .isSameAs(two.joined("/room-1").namespace());
        assertThat(parent.children()).hasSize(1);
    }

    @Test
    void secondConnectWhileTheNamespaceIsLookedForCloses() {
        io.server().of((name, auth) -> true);
        TestClient client = io.connect().receive("40/x,", "40/x,");
        io.settle();
        client.expectClosed();
    }

    @Test
    void secondConnectClosesEvenIfTheNamespaceHasComeUpMeanwhile() {
        io.server().of((name, auth) -> true);
        TestClient client = io.connect().receive("40/x,");
        io.server().of("/x");
        client.receive("40/x,");
        io.settle();
        client.expectClosed();
    }

    @Test
    void connectionLostWhileTheNamespaceIsLookedForJoinsNothing() {
        ParentNamespace parent = io.server().of((name, auth) -> true);
        parent.onConnection(socket -> io.tell("connection"));
        TestClient client = io.connect().receive("40/x,");
        client.webSocket().closeByPeer();
        io.settle();
        io.expectTold();
        assertThat(parent.children()).isEmpty();
    }

    @Test
    void namespacesLookedForCountAgainstTheLimit() {
        io.settings().maxNamespacesPerConnection(2);
        io.server().of((name, auth) -> true);
        TestClient client = io.connect().receive("40/a,", "40/b,", "40/c,");
        io.loops.settle();
        client.expect("44/c,{\"message\":\"too many namespaces\"}");
        io.settle();
        client.joined("/a");
        client.joined("/b");
    }

    @Test
    void packetsForANamespaceThatIsLookedForClose() {
        io.server().of((name, auth) -> true);
        TestClient client = io.connect().receive("40/x,", "42/x,[\"e\"]");
        io.settle();
        client.expectClosed();
    }

    @Test
    void childIsForgottenWithItsLastSocket() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        TestClient client = io.connect();
        TestClient other = io.connect();
        Namespace first = client.join("/room-1").namespace();
        other.join("/room-1");
        client.send("41/room-1,");
        assertThat(parent.children()).containsExactly(first);
        other.close();
        assertThat(parent.children()).isEmpty();
        assertThat(io.server().namespaces()).extracting(Namespace::name).containsExactly("/");
        assertThat(client.join("/room-1").namespace()).isNotSameAs(first);
    }

    @Test
    void childThatRefusesItsFirstSocketIsForgotten() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        CompletableFuture<Object> decision = new CompletableFuture<>();
        parent.useAsync(socket -> decision);
        TestClient client = io.connect().send("40/room-1,");
        assertThat(parent.children()).hasSize(1);
        decision.completeExceptionally(new ConnectError("no"));
        io.settle();
        client.expect("44/room-1,{\"message\":\"no\"}");
        assertThat(parent.children()).isEmpty();
    }

    @Test
    void namespaceThatTheApplicationNamesIsAChildAndStays() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        parent.onConnection(socket -> io.tell("connection " + socket.namespace().name()));
        Namespace one = io.server().of("/room-1");
        TestClient client = io.connect();
        client.join("/room-1");
        client.join("/room-2");
        io.server().of("/room-2");
        client.send("41/room-1,", "41/room-2,");
        assertThat(parent.children()).extracting(Namespace::name).containsExactlyInAnyOrder("/room-1", "/room-2");
        assertThat(io.server().of("/room-1")).isSameAs(one);
        io.expectTold("connection /room-1", "connection /room-2");
    }

    @Test
    void matcherMayDecideLater() {
        CompletableFuture<Boolean> decision = new CompletableFuture<>();
        ParentNamespace parent = io.server().ofAsync((name, auth) -> decision);
        TestClient client = io.connect().send("40/x,").expect();
        decision.complete(true);
        io.settle();
        assertThat(parent.children()).containsExactly(client.joined("/x").namespace());
    }

    @Test
    void matcherThatSaysNoLaterPassesTheQuestionOn() {
        CompletableFuture<Boolean> decision = new CompletableFuture<>();
        io.server().ofAsync((name, auth) -> decision);
        io.server().ofAsync((name, auth) -> CompletableFuture.failedFuture(new IllegalStateException("down")));
        io.server().ofAsync((name, auth) -> null);
        ParentNamespace last = io.server().of((name, auth) -> name.equals("/x"));
        TestClient client = io.connect().send("40/x,", "40/y,");
        decision.complete(false);
        io.settle();
        client.expect(
                "40/x,{\"sid\":\""
                        + io.server()
                                .of("/x")
                                .rooms()
                                .sockets(java.util.Set.of(), java.util.Set.of())
                                .iterator()
                                .next() + "\"}",
                "44/y,{\"message\":\"Invalid namespace\"}");
        assertThat(last.children()).extracting(Namespace::name).containsExactly("/x");
        assertThat(io.logged()).hasSize(4).allMatch(line -> line.startsWith("ERROR a namespace matcher failed on "));
    }

    @Test
    void matcherThatTakesTooLongIsNotWaitedFor() {
        io.settings().connectTimeout(java.time.Duration.ofSeconds(3));
        CompletableFuture<Boolean> decision = new CompletableFuture<>();
        ParentNamespace parent = io.server().ofAsync((name, auth) -> decision);
        TestClient client = io.connect();
        client.join();
        client.send("40/x,").expect();
        io.advance(java.time.Duration.ofSeconds(3));
        client.expect("44/x,{\"message\":\"timeout\"}");
        decision.complete(true);
        io.settle();
        assertThat(parent.children()).isEmpty();
    }

    @Test
    void parentBroadcastsToEveryChild() {
        ParentNamespace parent = io.server().of(Pattern.compile("/room-\\d+"));
        parent.onConnection(socket -> socket.join("a", socket.namespace().name()));
        TestClient client = io.connect();
        Socket one = client.join("/room-1");
        Socket two = client.join("/room-2");
        parent.emit("all");
        parent.to("/room-1").emit("to");
        parent.in("a").except("/room-1").emit("in");
        parent.except("a").emit("nobody");
        parent.volatileFlag().emit("now");
        io.settle();
        assertThat(client.webSocket().drain())
                .containsExactlyInAnyOrder(
                        "42/room-1,[\"all\"]",
                        "42/room-2,[\"all\"]",
                        "42/room-1,[\"to\"]",
                        "42/room-2,[\"in\"]",
                        "42/room-1,[\"now\"]",
                        "42/room-2,[\"now\"]");
        FetchedSockets found = SocketIoFixture.now(parent.fetchSockets());
        assertThat(found.ids()).containsExactlyInAnyOrder(one.id(), two.id());
        CompletableFuture<Acknowledgements> answers = parent.in("a").emitWithAck("ask");
        io.settle();
        assertThat(client.webSocket().drain())
                .containsExactlyInAnyOrder("42/room-1,0[\"ask\"]", "42/room-2,0[\"ask\"]");
        client.send("43/room-1,0[1]", "43/room-2,0[2]");
        assertThat(SocketIoFixture.now(answers).received())
                .extracting(Acknowledgements.Answer::socketId)
                .containsExactlyInAnyOrder(one.id(), two.id());
        parent.socketsJoin("b");
        parent.socketsLeave("a");
        assertThat(one.rooms()).containsExactlyInAnyOrder(one.id(), "/room-1", "b");
        parent.in("b").disconnectSockets();
        io.settle();
        assertThat(client.webSocket().drain()).containsExactlyInAnyOrder("41/room-1,", "41/room-2,");
        assertThat(parent.children()).isEmpty();
    }

    @Test
    void newNamespacesAreToldOf() {
        io.server().onNewNamespace(namespace -> io.tell("new " + namespace.name()));
        io.server().onNewNamespace(namespace -> {
            throw new IllegalStateException("on purpose");
        });
        io.server().of("/a");
        io.server().of("/a");
        io.server().of(Pattern.compile("/b"));
        io.expectTold("new /a");
        io.connect().join("/b");
        io.expectTold("new /b");
        io.expectLogged("ERROR a handler of new namespaces failed", "ERROR a handler of new namespaces failed");
    }

    @Test
    void namespaceKnowsItsSockets() {
        Socket one = io.connect().join();
        Socket two = io.connect(io.otherLoop).join();
        assertThat(io.server().of("/").sockets()).containsExactlyInAnyOrder(one, two);
        assertThat(io.server().of("/other").sockets()).isEmpty();
    }
}
