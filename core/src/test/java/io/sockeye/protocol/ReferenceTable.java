package io.sockeye.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A table of answers that the reference's parsers gave; see src/test/node/reference-tables.cjs. */
public final class ReferenceTable {
    private ReferenceTable() {}

    /** Hands each row of the table of that name to the check. */
    public static void forEachRow(String name, Consumer<JsonNode> check) {
        try (InputStream file = Objects.requireNonNull(ReferenceTable.class.getResourceAsStream(name), name)) {
            JsonNode rows = JsonMapper.shared().readTree(file).get("rows");
            assertThat(rows.size()).isGreaterThan(50);
            rows.forEach(check);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
