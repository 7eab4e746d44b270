// SPDX-License-Identifier: MIT
// Honest work for a Java machine: objects, threads, faults that it makes exceptions of, a child, an
// exit handler. The same output every time.
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public class JavaWork {
	static int deep(int level) {
		return deep(level + 1) + 1;
	}

	static void faults() {
		try {
			Object nothing = null;
			nothing.toString();
		} catch (NullPointerException expected) {
			System.out.println("no object");
		}
		try {
			deep(0);
		} catch (StackOverflowError expected) {
			System.out.println("too deep");
		}
	}

	public static void main(String[] arguments) throws Exception {
		Map<Integer, List<String>> lists = new TreeMap<>();
		for (int i = 0; i < 100000; i++)
			lists.computeIfAbsent(i % 97, key -> new ArrayList<>()).add("s" + i);
		System.out.println(lists.values().parallelStream().mapToInt(List::size).sum());
		for (int i = 0; i < 100; i++)
			faults();
		Process child = new ProcessBuilder("sh", "-c", "echo child; exit 3").inheritIO().start();
		System.out.println(child.waitFor());
		Thread[] threads = new Thread[20];
		for (int i = 0; i < threads.length; i++) {
			threads[i] = new Thread(() -> {
				byte[][] blocks = new byte[100][];
				for (int j = 0; j < blocks.length; j++)
					blocks[j] = new byte[10000];
			});
			threads[i].start();
		}
		for (Thread thread : threads)
			thread.join();
		System.gc();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
		System.exit(4);
	}
}
