package io.sockeye.adapter.redis;

import java.time.Duration;

/** Settings of {@link RedisAdapter#streams}. Confined to the caller's thread. */
public final class StreamsSettings extends RedisAdapterSettings<StreamsSettings> {
    private String streamName = "socket.io";
    private int streamCount = 1;
    private String channelPrefix = "socket.io";
    private boolean useShardedPubSub;
    private long maxLen = 10_000;
    private int readCount = 100;
    private Duration blockTime = Duration.ofSeconds(5);
    private String sessionKeyPrefix = "sio:session:";
    private boolean onlyPlaintext;
    private Duration patience = Duration.ofSeconds(2);

    StreamsSettings() {}

    @Override
    StreamsSettings self() {
        return this;
    }

    /** The stream's name. Default: {@code socket.io}. */
    public StreamsSettings streamName(String value) {
        this.streamName = named("streamName", value);
        return this;
    }

    /**
     * Over how many streams namespaces are spread. Default: 1. Beyond it a namespace may fall to a stream that Node.js servers
     * write but do not read; the nodes of Sockeye do.
     */
    public StreamsSettings streamCount(int value) {
        this.streamCount = (int) positive("streamCount", value);
        return this;
    }

    /** What the names of the channels begin with over which questions and answers go. Default: {@code socket.io}. */
    public StreamsSettings channelPrefix(String value) {
        this.channelPrefix = named("channelPrefix", value);
        return this;
    }

    /** Whether these channels are sharded, which takes Redis 7. Default: false. */
    public StreamsSettings useShardedPubSub(boolean value) {
        this.useShardedPubSub = value;
        return this;
    }

    /** About how many entries a stream keeps. Default: 10,000. */
    public StreamsSettings maxLen(long value) {
        this.maxLen = positive("maxLen", value);
        return this;
    }

    /** How many entries are read at a time. Default: 100. */
    public StreamsSettings readCount(int value) {
        this.readCount = (int) positive("readCount", value);
        return this;
    }

    /** How long Redis waits for entries before it answers that there are none. Default: 5 s. */
    public StreamsSettings blockTime(Duration value) {
        positive("blockTime", value.toMillis());
        this.blockTime = value;
        return this;
    }

    /** What the keys of sessions begin with, for {@code connectionStateRecovery}. Default: {@code sio:session:}. */
    public StreamsSettings sessionKeyPrefix(String value) {
        this.sessionKeyPrefix = named("sessionKeyPrefix", value);
        return this;
    }

    /** Whether binary data is written as JSON, so that other readers of the stream can do without MessagePack. Default: false. */
    public StreamsSettings onlyPlaintext(boolean value) {
        this.onlyPlaintext = value;
        return this;
    }

    /**
     * With {@code connectionStateRecovery}, how long what is emitted waits to be read from the stream before it is delivered to this
     * node's clients without. Default: 2 s.
     */
    public StreamsSettings patience(Duration value) {
        positive("patience", value.toMillis());
        this.patience = value;
        return this;
    }

    private static long positive(String setting, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    /** The settings as they are now. */
    Values values() {
        return new Values(
                streamName,
                streamCount,
                channelPrefix,
                useShardedPubSub ? ChannelKind.SHARD : ChannelKind.CHANNEL,
                maxLen,
                readCount,
                blockTime,
                sessionKeyPrefix,
                onlyPlaintext,
                patience);
    }

    /** Immutable. */
    record Values(
            String streamName,
            int streamCount,
            String channelPrefix,
            ChannelKind channelKind,
            long maxLen,
            int readCount,
            Duration blockTime,
            String sessionKeyPrefix,
            boolean onlyPlaintext,
            Duration patience) {

        /**
         * The stream of a namespace. As in the reference (redis-streams-adapter, {@code computeStreamName}), whose remainder may be
         * negative.
         */
        String streamOf(String namespace) {
            return streamCount == 1 ? streamName : streamName + "-" + namespace.hashCode() % streamCount;
        }
    }
}
