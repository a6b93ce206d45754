package dev.cairnstate.flinkdata;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs jobs whose checkpoints somebody else coordinates: whoever writes to stdin. Each line there is a request in JSON, and
 * is answered by a line with the same number on stdout, though perhaps not in that order. What tasks have to say about
 * checkpoints comes in between, when they say it.
 */
final class Circle {
    private final Wire wire;
    private final ExecutorService patient = Executors.newCachedThreadPool();
    private volatile Turn turn;

    private Circle(Wire wire) {
        this.wire = wire;
    }

    public static void main(String[] args) throws Exception {
        final Circle circle = new Circle(new Wire(System.out));
        System.setOut(new PrintStream(System.err, true, "UTF-8")); // for whoever feels like printing
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final ObjectMapper json = new ObjectMapper();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            circle.take(json.readTree(line));
        }
        Runtime.getRuntime().halt(0); // nobody is left to be told anything, by libraries that would like to
    }

    /** What a task is told, it is told in the order of the lines; what takes time is done beside them. */
    private void take(JsonNode request) {
        if (request.get("do").asText().startsWith("task-")) {
            answer(request);
        } else {
            patient.execute(() -> answer(request));
        }
    }

    private void answer(JsonNode request) {
        final long number = request.get("number").asLong();
        try {
            wire.send("number", number, "result", perform(request));
        } catch (Throwable e) {
            wire.send("number", number, "problem", RestoreJob.rootCause(e).toString());
        }
    }

    private Object perform(JsonNode request) throws Exception {
        final String verb = request.get("do").asText();
        switch (verb) {
            case "start":
                turn = new Turn(request, wire);
                return turn.start();
            case "feed":
                Progress.delayMillis = request.get("delay").asLong();
                Progress.limit = request.get("limit").asLong();
                return null;
            case "settle": return turn.settle();
            case "settle-finished": return turn.settleFinished();
            case "states": return turn.states(request.get("finished"));
            case "cancel": return turn.cancel();
            case "ended": return turn.ended();
            case "coordinator-checkpoint":
                return Wire.hex(turn.coordinators.checkpoint(request));
            case "coordinator-complete": return turn.coordinators.complete(request);
            case "coordinator-abort": return turn.coordinators.abort(request);
            default: return turn.messages.send(verb, request);
        }
    }
}
