// Loaded into a measured host by `--import`: leaves its commit counters in a file when it ends, and costs next to nothing before.
import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const file = process.env.HOOKLINE_BENCH_STATS
let stats: unknown = {}
subscribe('hookline:commit', (counters) => {
  stats = counters
})
if (file !== undefined) {
  process.on('exit', () => {
    const { active } = performance.eventLoopUtilization()
    writeFileSync(file, JSON.stringify({ ...Object(stats), activeMs: active }))
  })
}
