package io.sockeye.transport.websocket;

import io.sockeye.protocol.ProtocolException;

/** Takes a header's value apart into tokens (RFC 9110, 5.6.2). Confined to one thread. */
final class HeaderScanner {
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    private final String text;
    private int position;

    HeaderScanner(String text) {
        this.text = text;
    }

    /** The token that stands here; white space around it is skipped. */
    String token() throws ProtocolException {
        skipWhiteSpace();
        int start = position;
        while (position < text.length() && isTokenChar(text.charAt(position))) {
            position++;
        }
        if (position == start) {
            throw new ProtocolException("token expected");
        }
        return text.substring(start, position);
    }

    /** A token, or one between quotes and with escapes; no white space in front of it. */
    String tokenOrQuotedToken() throws ProtocolException {
        if (position < text.length() && isTokenChar(text.charAt(position))) {
            return token();
        }
        if (!skipDirectly('"')) {
            throw new ProtocolException("token expected");
        }
        StringBuilder token = new StringBuilder();
        while (!skipDirectly('"')) {
            skipDirectly('\\');
            if (position == text.length() || !isTokenChar(text.charAt(position))) {
                throw new ProtocolException("token expected");
            }
            token.append(text.charAt(position++));
        }
        if (token.length() == 0) {
            throw new ProtocolException("token expected");
        }
        return token.toString();
    }

    /** Skips a character that may have white space in front of it; false when it does not stand here. */
    boolean skip(char c) {
        int before = position;
        skipWhiteSpace();
        if (skipDirectly(c)) {
            return true;
        }
        position = before;
        return false;
    }

    /** Skips a character; false when it does not stand here. */
    boolean skipDirectly(char c) {
        boolean found = position < text.length() && text.charAt(position) == c;
        if (found) {
            position++;
        }
        return found;
    }

    void requireEnd() throws ProtocolException {
        if (position < text.length()) {
            throw new ProtocolException("end expected");
        }
    }

    private void skipWhiteSpace() {
        while (position < text.length() && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
            position++;
        }
    }

    private static boolean isTokenChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_SYMBOLS.indexOf(c) >= 0;
    }
}
