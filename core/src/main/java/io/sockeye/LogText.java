package io.sockeye;

/** Makes text of a peer fit for a log: bounded, and without characters that could forge a line. Stateless. */
final class LogText {
    private static final int MAX_LENGTH = 64;

    private LogText() {}

    /** The text in quotes, cut, with everything but printable ASCII escaped. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(MAX_LENGTH + 8).append('"');
        for (int i = 0; i < Math.min(text.length(), MAX_LENGTH); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append(text.length() > MAX_LENGTH ? "…\"" : "\"").toString();
    }
}
