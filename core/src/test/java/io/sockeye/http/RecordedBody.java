package io.sockeye.http;

import io.sockeye.transport.HttpExchange.BodyListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes what a body's listener is told. */
final class RecordedBody implements BodyListener {
    private final List<String> told = new ArrayList<>();

    List<String> told() {
        return told;
    }

    @Override
    public void complete(byte[] body) {
        told.add("body " + new String(body, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void tooLarge() {
        told.add("too large");
    }

    @Override
    public void aborted() {
        told.add("aborted");
    }
}
