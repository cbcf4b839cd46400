/*
 * Searches a file for literals with Hyperscan, for comparison with dumpsieve.
 *
 *   hyperscan <block|stream> <threads> <literals> <file>
 *
 * literals: each literal after its length, a 16-bit little-endian number.
 * block:  each 1 MiB block is searched alone; matches over the edge of two blocks are lost.
 * stream: each thread searches one contiguous part of the file as a stream; only matches over the edges of parts
 *         are lost.
 * Prints one line: version, literals, matches, seconds of compilation, bytes and seconds of the search.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <hs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20, RANGE_BYTES = 64 << 20, MAX_THREADS = 64 };

struct search {
  bool stream;
  int threads;
  int fd;
  off_t size;
  hs_database_t *database;
  atomic_long next_range;
  atomic_ulong matches;
};

struct worker {
  pthread_t thread;
  struct search *search;
  int index;
  unsigned long matches;
  hs_scratch_t *scratch;
  char *block;
};

static void fail(const char *what) {
  fprintf(stderr, "hyperscan: %s\n", what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
  (void)id, (void)from, (void)to, (void)flags;
  ++*(unsigned long *)context;
  return 0;
}

/* Compiles the literals of the file; returns how many there are. */
static unsigned compile(const char *path, bool stream, hs_database_t **database) {
  FILE *file = fopen(path, "rb");
  struct stat status;
  if (!file || fstat(fileno(file), &status)) fail("can't read the literals");
  size_t total = (size_t)status.st_size;
  unsigned char *bytes = malloc(total);
  const char **literals = calloc(total, sizeof *literals);
  size_t *lengths = calloc(total, sizeof *lengths);
  unsigned *flags = calloc(total, sizeof *flags);
  unsigned *ids = calloc(total, sizeof *ids);
  if (!bytes || !literals || !lengths || !flags || !ids) fail("out of memory");
  if (fread(bytes, 1, total, file) != total) fail("can't read the literals");
  fclose(file);

  unsigned count = 0;
  for (size_t at = 0; at + 2 <= total; count++) {
    lengths[count] = bytes[at] | (size_t)bytes[at + 1] << 8;
    literals[count] = (const char *)bytes + at + 2;
    ids[count] = count;
    at += 2 + lengths[count];
    if (at > total) fail("the literals are cut off");
  }
  hs_compile_error_t *error;
  unsigned mode = stream ? HS_MODE_STREAM : HS_MODE_BLOCK;
  if (hs_compile_lit_multi(literals, flags, ids, lengths, count, mode, NULL, database, &error) != HS_SUCCESS) {
    fail(error->message);
  }
  free(bytes), free(literals), free(lengths), free(flags), free(ids);
  return count;
}

/* Searches `[start, end)` of the file block by block. */
static void scan_range(struct worker *worker, off_t start, off_t end, hs_stream_t *stream) {
  const struct search *search = worker->search;
  while (start < end) {
    size_t wanted = end - start < BLOCK_BYTES ? (size_t)(end - start) : BLOCK_BYTES;
    ssize_t got = pread(search->fd, worker->block, wanted, start);
    if (got <= 0) fail("can't read the file");
    hs_error_t result =
        stream ? hs_scan_stream(stream, worker->block, (unsigned)got, 0, worker->scratch, on_match, &worker->matches)
               : hs_scan(search->database, worker->block, (unsigned)got, 0, worker->scratch, on_match, &worker->matches);
    if (result != HS_SUCCESS) fail("the search failed");
    start += got;
  }
}

static void *run(void *argument) {
  struct worker *worker = argument;
  struct search *search = worker->search;
  if (search->stream) {
    off_t part = (search->size + search->threads - 1) / search->threads;
    off_t start = part * worker->index;
    off_t end = start + part < search->size ? start + part : search->size;
    hs_stream_t *stream;
    if (hs_open_stream(search->database, 0, &stream) != HS_SUCCESS) fail("can't open a stream");
    scan_range(worker, start, end, stream);
    hs_close_stream(stream, worker->scratch, on_match, &worker->matches);
  } else {
    off_t start;
    while ((start = (off_t)RANGE_BYTES * atomic_fetch_add(&search->next_range, 1)) < search->size) {
      scan_range(worker, start, start + RANGE_BYTES < search->size ? start + RANGE_BYTES : search->size, NULL);
    }
  }
  atomic_fetch_add(&search->matches, worker->matches);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 5) fail("usage: hyperscan <block|stream> <threads> <literals> <file>");
  struct search search = {.stream = strcmp(argv[1], "stream") == 0, .threads = atoi(argv[2])};
  if (search.threads < 1 || search.threads > MAX_THREADS) fail("1 to 64 threads");
  double start = now();
  unsigned count = compile(argv[3], search.stream, &search.database);
  double compiled = now();

  struct stat status;
  search.fd = open(argv[4], O_RDONLY);
  if (search.fd < 0 || fstat(search.fd, &status)) fail("can't open the file");
  search.size = status.st_size;

  struct worker workers[MAX_THREADS] = {0};
  for (int i = 0; i < search.threads; i++) {
    workers[i].search = &search;
    workers[i].index = i;
    if (hs_alloc_scratch(search.database, &workers[i].scratch) != HS_SUCCESS) fail("out of memory");
    if (posix_memalign((void **)&workers[i].block, 4096, BLOCK_BYTES)) fail("out of memory");
    if (pthread_create(&workers[i].thread, NULL, run, &workers[i])) fail("can't start a thread");
  }
  for (int i = 0; i < search.threads; i++) {
    pthread_join(workers[i].thread, NULL);
    hs_free_scratch(workers[i].scratch);
    free(workers[i].block);
  }
  printf("Hyperscan %s: %u literals, %lu matches, compiled in %.3f s, searched %lld bytes in %.3f s\n", hs_version(), count,
         search.matches, compiled - start, (long long)search.size, now() - compiled);
  hs_free_database(search.database);
  close(search.fd);
  return 0;
}
