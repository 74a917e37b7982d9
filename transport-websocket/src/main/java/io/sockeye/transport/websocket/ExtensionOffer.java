package io.sockeye.transport.websocket;

import io.sockeye.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One extension that a client offers in {@code Sec-WebSocket-Extensions} (RFC 6455, 9.1):
 *
 * <pre>
 *   offers    = offer *( "," offer )        white space is allowed around "," and ";"
 *   offer     = token *( ";" parameter )
 *   parameter = token [ "=" ( token | DQUOTE token DQUOTE ) ]
 * </pre>
 *
 * <p>Immutable.
 */
record ExtensionOffer(String name, List<Parameter> parameters) {

    /**
     * A parameter of an offer.
     *
     * @param value null when it has none
     */
    record Parameter(String name, @Nullable String value) {}

    /**
     * Reads the header.
     *
     * @throws ProtocolException when it does not follow the grammar
     */
    static List<ExtensionOffer> parse(String header) throws ProtocolException {
        HeaderScanner scanner = new HeaderScanner(header);
        List<ExtensionOffer> offers = new ArrayList<>();
        do {
            String name = scanner.token();
            List<Parameter> parameters = new ArrayList<>();
            while (scanner.skip(';')) {
                parameters.add(parameter(scanner));
            }
            offers.add(new ExtensionOffer(name, parameters));
        } while (scanner.skip(','));
        scanner.requireEnd();
        return offers;
    }

    private static Parameter parameter(HeaderScanner scanner) throws ProtocolException {
        String name = scanner.token();
        if (!scanner.skipDirectly('=')) {
            return new Parameter(name, null);
        }
        return new Parameter(name, scanner.tokenOrQuotedToken());
    }
}
