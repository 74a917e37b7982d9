package io.sockeye.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/**
 * Questions to the server's process, through whoever started both: {@code ask QUESTION} on the standard output, the answer
 * as a line on the standard input. Without anyone there, nothing is known. Confined to the load's thread, and blocks it.
 */
final class ServerTalk {
    private final BufferedReader answers;
    private final PrintStream questions;

    ServerTalk(BufferedReader answers, PrintStream questions) {
        this.answers = answers;
        this.questions = questions;
    }

    /** What the server has allocated since it began; -1 when that is not known. */
    long allocatedBytes() {
        String answer = ask("allocated");
        String number = answer.substring(answer.indexOf(' ') + 1);
        return number.equals("unknown") ? -1 : Long.parseLong(number);
    }

    /** Lets the server collect its garbage now. */
    void collectGarbage() {
        ask("gc");
    }

    private String ask(String question) {
        questions.println("ask " + question);
        questions.flush();
        try {
            String answer = answers.readLine();
            return answer == null ? "nobody: unknown" : answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
