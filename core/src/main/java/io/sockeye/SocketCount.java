package io.sockeye;

/**
 * How many sockets were counted, and how many servers have not said how many they have. Immutable.
 *
 * @param count how many sockets there are on the servers that have answered
 * @param missingServers how many servers did not answer in time; their sockets are not counted
 */
public record SocketCount(int count, int missingServers) {

    /** Whether every server answered. */
    public boolean complete() {
        return missingServers == 0;
    }
}
