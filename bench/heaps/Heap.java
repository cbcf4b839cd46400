import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A Java process with a full heap, to be dumped: hash maps, boxed numbers, char[] and byte[] made from real text, and
 * one throw-away key. Usage: java Heap.java <file with one text path a line> <bytes>.
 * Prints "ready", then waits for its stdin to close.
 */
public final class Heap {
  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  public static void main(String[] args) throws Exception {
    List<String> paths = Files.readAllLines(Path.of(args[0]));
    long bytes = Long.parseLong(args[1]);
    List<Object> held = new ArrayList<>();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    held.add(generator.generateKeyPair());
    for (int i = 0; used() < bytes; i++) {
      byte[] file = Files.readAllBytes(Path.of(paths.get(i % paths.size())));
      String text = new String(file, StandardCharsets.UTF_8);
      HashMap<String, List<Integer>> index = new HashMap<>();
      int line = 0;
      for (String word : text.split("[^A-Za-z0-9_]+")) {
        index.computeIfAbsent(word, key -> new ArrayList<>()).add(line++);
      }
      held.add(index);
      held.add(file);
      held.add(text.toCharArray());
      held.add(new StringBuilder(text).reverse());
    }
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Only the end of stdin matters.
    }
    System.exit(held.isEmpty() ? 1 : 0);
  }
}
