package io.sockeye;

import io.sockeye.adapter.Adapter;
import io.sockeye.adapter.BroadcastOptions;
import io.sockeye.protocol.socketio.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link BroadcastOperator} broadcasts to: one namespace, or all children of a parent. Thread-safe. */
interface BroadcastTarget {

    boolean emit(String event, Arguments args, BroadcastOptions options);

    CompletableFuture<Acknowledgements> emitWithAck(
            String event, @Nullable Object[] args, BroadcastOptions options, Duration timeout);

    CompletableFuture<FetchedSockets> fetchSockets(BroadcastOptions options, Duration timeout);

    CompletableFuture<SocketCount> countSockets(BroadcastOptions options, Duration timeout);

    /** Does something with each adapter. */
    void forEach(Consumer<Adapter> action);

    /** One namespace. */
    record One(Namespace namespace) implements BroadcastTarget {
        @Override
        public boolean emit(String event, Arguments args, BroadcastOptions options) {
            return namespace.broadcast(event, args, options);
        }

        @Override
        public CompletableFuture<Acknowledgements> emitWithAck(
                String event, @Nullable Object[] args, BroadcastOptions options, Duration timeout) {
            return namespace.broadcastWithAck(event, args, options, timeout);
        }

        @Override
        public CompletableFuture<FetchedSockets> fetchSockets(BroadcastOptions options, Duration timeout) {
            return namespace
                    .told(namespace.adapter().fetchSockets(options, timeout))
                    .thenApply(answers -> FetchedSockets.of(namespace, answers));
        }

        @Override
        public CompletableFuture<SocketCount> countSockets(BroadcastOptions options, Duration timeout) {
            return namespace
                    .told(namespace.adapter().countSockets(options, timeout))
                    .thenApply(answers -> new SocketCount(
                            answers.received().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum(),
                            answers.missing()));
        }

        @Override
        public void forEach(Consumer<Adapter> action) {
            action.accept(namespace.adapter());
        }
    }

    /** Every child that there is at the time. */
    record Children(ParentNamespace parent) implements BroadcastTarget {
        @Override
        public boolean emit(String event, Arguments args, BroadcastOptions options) {
            boolean accepted = true;
            for (Namespace child : parent.children()) {
                accepted &= child.broadcast(event, args, options);
            }
            return accepted;
        }

        @Override
        public CompletableFuture<Acknowledgements> emitWithAck(
                String event, @Nullable Object[] args, BroadcastOptions options, Duration timeout) {
            List<CompletableFuture<Acknowledgements>> each = parent.children().stream()
                    .map(child -> child.broadcastWithAck(event, args, options, timeout))
                    .toList();
            return whenAll(each).thenApply(all -> {
                List<Acknowledgements.Answer> received = new ArrayList<>();
                int missing = 0;
                int missingServers = 0;
                for (Acknowledgements one : all) {
                    received.addAll(one.received());
                    missing += one.missing();
                    missingServers = Math.max(missingServers, one.missingServers());
                }
                return new Acknowledgements(received, missing, missingServers);
            });
        }

        @Override
        public CompletableFuture<FetchedSockets> fetchSockets(BroadcastOptions options, Duration timeout) {
            List<CompletableFuture<FetchedSockets>> each = parent.children().stream()
                    .map(child -> new One(child).fetchSockets(options, timeout))
                    .toList();
            return whenAll(each).thenApply(all -> {
                List<RemoteSocket> sockets = new ArrayList<>();
                int missing = 0;
                for (FetchedSockets one : all) {
                    sockets.addAll(one.sockets());
                    missing = Math.max(missing, one.missingServers());
                }
                return new FetchedSockets(sockets, missing);
            });
        }

        @Override
        public CompletableFuture<SocketCount> countSockets(BroadcastOptions options, Duration timeout) {
            List<CompletableFuture<SocketCount>> each = parent.children().stream()
                    .map(child -> new One(child).countSockets(options, timeout))
                    .toList();
            return whenAll(each).thenApply(all -> {
                int count = 0;
                int missing = 0;
                for (SocketCount one : all) {
                    count += one.count();
                    missing = Math.max(missing, one.missingServers());
                }
                return new SocketCount(count, missing);
            });
        }

        @Override
        public void forEach(Consumer<Adapter> action) {
            parent.children().forEach(child -> action.accept(child.adapter()));
        }

        private static <T> CompletableFuture<List<T>> whenAll(Collection<CompletableFuture<T>> each) {
            return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
                    .thenApply(
                            done -> each.stream().map(CompletableFuture::join).toList());
        }
    }
}
