package io.sockeye.adapter.cluster;

import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** A driver that throws when it is asked how many nodes there are. */
record Uncounting(ClusterDriver driver) implements ClusterDriver {
    @Override
    public String uid() {
        return driver.uid();
    }

    @Override
    public boolean publish(ClusterMessage message) {
        return driver.publish(message);
    }

    @Override
    public boolean respond(String uid, ClusterMessage.Response response) {
        return driver.respond(uid, response);
    }

    @Override
    public CompletionStage<OptionalInt> nodeCount() {
        throw new IllegalStateException("no");
    }

    @Override
    public void close() {
        driver.close();
    }
}
