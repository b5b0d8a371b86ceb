// Loaded into a traced host by `--import`: notes when an event comes to what, and leaves that in a file when the host ends.
import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import { constants, PerformanceObserver, performance } from 'node:perf_hooks'

const file = process.env.HOOKLINE_BENCH_TRACE
if (file !== undefined) {
  const noted: [name: string, at: number][] = []
  const note = (name: string, at = performance.now()): void => void noted.push([name, performance.timeOrigin + at])
  subscribe('http.server.request.start', () => note('received'))
  subscribe('hookline:moment', (name) => note(String(name)))
  subscribe('hookline:commit', () => note('committed'))
  subscribe('undici:client:sendHeaders', () => note('sent'))
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { startTime, duration } = entry
      const { detail } = Object(entry) as { detail?: { kind?: number } } // as Node documents it
      note(detail?.kind === constants.NODE_PERFORMANCE_GC_MINOR ? 'minor collection' : 'major collection', startTime)
      note('collected', startTime + duration)
    }
  }).observe({ entryTypes: ['gc'] })
  process.on('exit', () => writeFileSync(file, JSON.stringify(noted)))
}
