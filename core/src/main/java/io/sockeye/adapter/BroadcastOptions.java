package io.sockeye.adapter;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * To whom and how a packet is broadcast. Immutable.
 *
 * @param rooms the rooms whose sockets receive it, each socket once; empty for every socket of the namespace
 * @param except the rooms whose sockets do not receive it
 * @param volatileFlag whether it is dropped for sockets whose connection cannot take it at once
 * @param compress whether transports may compress it
 * @param local whether it stays on this node
 */
public record BroadcastOptions(
        Set<String> rooms, Set<String> except, boolean volatileFlag, boolean compress, boolean local) {

    /** To every socket of the namespace, on every node, not volatile, compressible. */
    public static final BroadcastOptions DEFAULT = new BroadcastOptions(
            Set.of(), Set.of(), /* volatileFlag= */ false, /* compress= */ true, /* local= */ false);

    /** Copies the sets. */
    public BroadcastOptions {
        rooms = Set.copyOf(rooms);
        except = Set.copyOf(except);
    }

    /** The same, to these rooms too. */
    public BroadcastOptions to(Collection<String> more) {
        return new BroadcastOptions(union(rooms, more), except, volatileFlag, compress, local);
    }

    /** The same, but for these rooms. */
    public BroadcastOptions except(Collection<String> more) {
        return new BroadcastOptions(rooms, union(except, more), volatileFlag, compress, local);
    }

    /** The same, volatile. */
    public BroadcastOptions asVolatile() {
        return new BroadcastOptions(rooms, except, /* volatileFlag= */ true, compress, local);
    }

    /** The same, compressible or not. */
    public BroadcastOptions compress(boolean value) {
        return new BroadcastOptions(rooms, except, volatileFlag, value, local);
    }

    /** The same, on this node only. */
    public BroadcastOptions asLocal() {
        return new BroadcastOptions(rooms, except, volatileFlag, compress, /* local= */ true);
    }

    private static Set<String> union(Set<String> some, Collection<String> more) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return all;
    }
}
