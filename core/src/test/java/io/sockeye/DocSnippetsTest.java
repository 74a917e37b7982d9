package io.sockeye;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiles every {@code ```java} block of the documents: whole classes as they are, statements within a method that has a
 * server {@code io} and a socket {@code socket}; and every Java line of the cheatsheet's tables.
 */
final class DocSnippetsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.*?) \\| (?:`(.*;|.*})`|– .*) \\|$");
    private static final Pattern MEMBER = Pattern.compile("^`(\\w+#\\w+)`");
    private static final Pattern TYPE = Pattern.compile("(?m)^(public )?(final )?(class|record|interface) (\\w+)");

    @TempDir
    private Path output;

    /** A block of a document. */
    record Snippet(String document, int line, String code) {
        @Override
        public String toString() {
            return document + ":" + line;
        }
    }

    static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                int line = (int) text.substring(0, block.start()).lines().count() + 1;
                snippets.add(new Snippet(ROOT.relativize(document).toString(), line, block.group(1)));
            }
        }
        return snippets;
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(documents::add);
        }
        return documents;
    }

    @Test
    void readmeBeginsWithAServer() throws IOException {
        assertThat(snippets()).extracting(Snippet::document).contains("README.md");
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void snippetCompiles(Snippet snippet) {
        Matcher type = TYPE.matcher(snippet.code());
        boolean whole = type.find();
        String name = whole ? type.group(4) : "Snippet";
        String source = whole
                ? snippet.code()
                : "import io.sockeye.*;\nimport io.sockeye.adapter.cluster.*;\nimport io.sockeye.http.*;\nimport java.time.Duration;\nimport java.util.*;\nimport java.util.concurrent.*;\n"
                        + "class Snippet { void run(SocketIoServer io, Socket socket) throws Exception {\n"
                        + snippet.code()
                        + "\n} }";
        assertThat(compile(name, source)).as(source).isEmpty();
    }

    /** A row of the cheatsheet: what it stands for, and its Java statements; those are empty where there is no counterpart. */
    record Row(String node, String java) {}

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/cheatsheet.md")));
        while (row.find()) {
            rows.add(new Row(row.group(1), row.group(2) == null ? "" : row.group(2)));
        }
        return rows;
    }

    @Test
    void cheatsheetCompiles() throws IOException {
        StringBuilder source = new StringBuilder("""
                import io.sockeye.*;
                import io.sockeye.adapter.ClusterStats;
                import io.sockeye.adapter.InMemoryAdapter;
                import io.sockeye.engine.EngineServer;
                import io.sockeye.protocol.socketio.MsgpackParser;
                import io.sockeye.transport.HttpHandler;
                import java.time.Duration;
                import java.util.*;
                import java.util.regex.Pattern;
                class Cheatsheet {
                """);
        List<Row> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            source.append("  void row")
                    .append(i)
                    .append("(SocketIoServer io, Namespace namespace, ParentNamespace parent, ")
                    .append("Socket socket, BroadcastOperator operator, RemoteSocket remote) { ")
                    .append(rows.get(i).java())
                    .append(" }\n");
        }
        assertThat(rows).hasSizeGreaterThan(150);
        assertThat(compile("Cheatsheet", source.append("}\n").toString())).isEmpty();
    }

    @Test
    void cheatsheetHasARowForEveryMemberOfTheReference() throws IOException {
        List<String> members = Files.readAllLines(Path.of("src/test/resources/io/sockeye/node-members.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(members).hasSizeGreaterThan(100);
        List<String> named = rows().stream()
                .map(row -> MEMBER.matcher(row.node()))
                .filter(Matcher::find)
                .map(member -> member.group(1))
                .distinct()
                .toList();
        assertThat(named).containsExactlyInAnyOrderElementsOf(members);
    }

    @Test
    void snippetThatIsWrongIsNoticed() {
        assertThat(compile("Wrong", "class Wrong { io.sockeye.Nothing nothing; }"))
                .contains("Nothing");
    }

    /** What the compiler says against it. */
    private String compile(String name, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "--release",
                "17",
                "-proc:none",
                "-Xlint:all,-options,-classfile,-path",
                "-Werror",
                "-cp",
                classPath,
                "-d",
                output.toString());
        boolean fine = compiler.getTask(messages, null, null, options, null, List.of(file))
                .call();
        return fine ? "" : messages.toString();
    }
}
