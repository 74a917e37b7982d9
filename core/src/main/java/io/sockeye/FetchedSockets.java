package io.sockeye;

import io.sockeye.adapter.NodeAnswers;
import io.sockeye.adapter.SocketView;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The sockets that were looked for, and how many servers have not said which they have. Immutable.
 *
 * @param sockets the sockets that were found
 * @param missingServers how many servers did not answer in time; their sockets are not among those found
 */
public record FetchedSockets(List<RemoteSocket> sockets, int missingServers) implements Iterable<RemoteSocket> {

    /** Copies the list. */
    public FetchedSockets {
        sockets = List.copyOf(sockets);
    }

    static FetchedSockets of(Namespace namespace, NodeAnswers<SocketView> answers) {
        return new FetchedSockets(
                answers.received().stream()
                        .map(view -> RemoteSocket.of(namespace, view))
                        .toList(),
                answers.missing());
    }

    /** Whether every server answered. */
    public boolean complete() {
        return missingServers == 0;
    }

    /** The ids of the sockets that were found. */
    public Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        sockets.forEach(socket -> ids.add(socket.id()));
        return ids;
    }

    @Override
    public Iterator<RemoteSocket> iterator() {
        return sockets.iterator();
    }
}
