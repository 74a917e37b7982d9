package io.sockeye.transport.websocket;

import io.sockeye.protocol.ProtocolException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers offers of {@code permessage-deflate} (RFC 7692, 7.1) so that no connection keeps a compression context: neither
 * side may refer back to earlier messages. Java's deflater has one window size, so an offer that wants a smaller one of the
 * server is declined.
 *
 * <p>Stateless.
 */
final class DeflateNegotiation {
    private static final String NAME = "permessage-deflate";
    private static final String ACCEPTED = NAME + "; server_no_context_takeover; client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";
    private static final String OWN_WINDOW_BITS = "15";

    private DeflateNegotiation() {}

    /**
     * The value to answer with in {@code Sec-WebSocket-Extensions}; null when no offer suits.
     *
     * @throws ProtocolException when one of the offers is invalid
     */
    static @Nullable String answer(List<ExtensionOffer> offers) throws ProtocolException {
        String answer = null;
        for (ExtensionOffer offer : offers) {
            if (offer.name().equals(NAME)) {
                validate(offer);
                if (answer == null) {
                    answer = answer(offer);
                }
            }
        }
        return answer;
    }

    private static @Nullable String answer(ExtensionOffer offer) {
        for (ExtensionOffer.Parameter parameter : offer.parameters()) {
            if (parameter.name().equals(SERVER_WINDOW)) {
                boolean suits = OWN_WINDOW_BITS.equals(parameter.value());
                return suits ? ACCEPTED + "; " + SERVER_WINDOW + '=' + OWN_WINDOW_BITS : null;
            }
        }
        return ACCEPTED;
    }

    private static void validate(ExtensionOffer offer) throws ProtocolException {
        Set<String> seen = new HashSet<>();
        for (ExtensionOffer.Parameter parameter : offer.parameters()) {
            String value = parameter.value();
            boolean valid = switch (parameter.name()) {
                case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
                case SERVER_WINDOW -> isWindowBits(value);
                case CLIENT_WINDOW -> value == null || isWindowBits(value);
                default -> false;
            };
            if (!valid || !seen.add(parameter.name())) {
                throw new ProtocolException("invalid parameter of permessage-deflate");
            }
        }
    }

    /** RFC 7692, 7.1.2.1: 8 to 15, without leading zeros. */
    private static boolean isWindowBits(@Nullable String value) {
        return value != null && (value.equals("8") || value.equals("9") || value.matches("1[0-5]"));
    }
}
