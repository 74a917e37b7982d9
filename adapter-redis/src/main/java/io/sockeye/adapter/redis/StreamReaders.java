package io.sockeye.adapter.redis;

import java.util.HashMap;
import java.util.Map;

/** The streams that the namespaces of one adapter read, each read once. Thread-safe. */
final class StreamReaders {
    private final StreamsSettings.Values settings;
    private final boolean marks;
    private final Map<String, Shared> readers = new HashMap<>(); // guarded by itself

    private static final class Shared {
        private final StreamReader reader;
        private int users;

        Shared(StreamReader reader) {
            this.reader = reader;
        }
    }

    /**
     * Those of an adapter.
     *
     * @param marks whether an empty stream gets an entry, so that reading begins behind something that is there
     */
    StreamReaders(StreamsSettings.Values settings, boolean marks) {
        this.settings = settings;
        this.marks = marks;
    }

    /** Takes part in reading a stream, to be ended by {@link #release}. */
    StreamReader use(RedisLink link, String stream) {
        synchronized (readers) {
            Shared shared =
                    readers.computeIfAbsent(stream, name -> new Shared(new StreamReader(link, name, settings, marks)));
            shared.users++;
            return shared.reader;
        }
    }

    /** Ends a use; reading ends with the last one. */
    void release(String stream) {
        synchronized (readers) {
            Shared shared = readers.get(stream);
            if (shared != null && --shared.users == 0) {
                readers.remove(stream);
                shared.reader.close();
            }
        }
    }
}
