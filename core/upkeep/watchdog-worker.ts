// A thread of its own, which sleeps nearly always: it wakes with every sign of life of the main thread, and when one does not come. It
// imports next to nothing, as it stays in memory for as long as the host runs.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type WatchdogNews, type WatchdogOrder, watchedWork } from './watchdog-memory.ts'

// Written by `watchdog.ts` alone.
const { memory, file, patienceMs } = workerData as WatchdogOrder
const work = watchedWork(memory)
const tell = (news: WatchdogNews): void => parentPort?.postMessage(news)
tell('watching')

for (;;) {
  const beats = work.beats()
  // Twice, as the computer may have slept: then the main thread wakes as this one does, and its sign comes within a second.
  if (work.hears(beats, patienceMs) || work.hears(beats, patienceMs)) continue
  const since = performance.now() - 2 * patienceMs
  const { kind, what } = work.read()
  // Whole or not at all: the process may be ended at this very moment.
  writeFileSync(`${file}.new`, JSON.stringify({ at: Date.now(), kind, what }), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  while (!work.hears(beats, patienceMs));
  rmSync(file, { force: true })
  tell({ seconds: (performance.now() - since) / 1_000, kind, what })
}
