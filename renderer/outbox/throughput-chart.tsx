import { CircleCheck, CircleX, type LucideIcon } from 'lucide-react'
import { type PointerEvent, useState } from 'react'
import type { RunThroughput } from '../../core/contract/outbox-values.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { classNames } from '../ui/look/class-names.ts'
import { ClockTime } from '../ui/words/clock-time.tsx'
import { sparkBars } from './spark-bars.ts'
import { minuteWords, throughputWords, totals } from './throughput-words.ts'

/** The picture's own units: a minute is this wide, and everything together this high. */
const MINUTE = 10
const HEIGHT = 100
/** The hour moves on also when nothing happens. */
const TICK_MS = 15_000
/** What is left free between two minutes. */
const GAP = 2.5

/** What was done in the last hour, minute by minute: what succeeded above a line, what failed below it. */
export function Throughput() {
  const { data: throughput } = useAnswer(queries.outbox.throughput.queryOptions({ refetchInterval: TICK_MS }))
  const [pointed, setPointed] = useState<number | null>(null)
  if (throughput === null) return <div className="h-[74px] rounded-lg border border-line bg-surface shadow-card" />
  const { minutes, from } = throughput
  const { succeeded, failed } = totals(minutes)
  const minute = pointed === null ? undefined : minutes[pointed]
  const [first] = minutes
  const isCutOff = first !== undefined && Date.parse(from) > Date.parse(first.at)
  return (
    <section
      aria-label="Throughput"
      className="flex min-h-[74px] items-center gap-6 rounded-lg border border-line bg-surface px-4 py-2.5 shadow-card"
    >
      <div className="w-40 shrink-0">
        <h2 className="text-sm text-ink-faint">Ended in the last hour</h2>
        <div className="flex gap-3">
          <Total icon={CircleCheck} count={succeeded} words="succeeded" hue="text-success" />
          <Total icon={CircleX} count={failed} words="failed" hue="text-error" />
        </div>
        <p className="h-[18px] truncate text-sm text-ink-faint" aria-hidden>
          {minute === undefined
            ? isCutOff && (
                <>
                  since <ClockTime iso={from} />
                </>
              )
            : minuteWords(minute, Date.now())}
        </p>
      </div>
      {succeeded + failed === 0 ? (
        <p className="min-w-0 flex-1 text-ink-faint">Nothing ran in the last hour.</p>
      ) : (
        <Spark throughput={throughput} pointed={pointed} onPoint={setPointed} />
      )}
    </section>
  )
}

function Total({ icon: Icon, count, words, hue }: { icon: LucideIcon; count: number; words: string; hue: string }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1 font-semibold tabular-nums',
        count > 0 ? hue : 'text-ink-faint',
      )}
    >
      <Icon size={13} aria-hidden />
      {count.toLocaleString()}
      <span className="sr-only">{words}</span>
    </span>
  )
}

function Spark({
  throughput,
  pointed,
  onPoint,
}: {
  throughput: RunThroughput
  pointed: number | null
  onPoint: (index: number | null) => void
}) {
  const { line, bars } = sparkBars(throughput.minutes)
  const width = bars.length * MINUTE
  const y = line * HEIGHT
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    const index = Math.floor(((event.clientX - box.left) / box.width) * bars.length)
    onPoint(Math.min(Math.max(index, 0), bars.length - 1))
  }
  return (
    <svg
      role="img"
      aria-label={throughputWords(throughput, Date.now())}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      onPointerMove={point}
      onPointerLeave={() => onPoint(null)}
      className="h-[52px] min-w-0 flex-1 overflow-visible forced-color-adjust-none"
    >
      {pointed !== null && <rect x={pointed * MINUTE} y={0} width={MINUTE} height={HEIGHT} className="fill-press" />}
      {bars.map(({ up, down }, index) => {
        const x = index * MINUTE + GAP / 2
        // A minute is known by its place: the picture moves on by redrawing all of it.
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <g key={index}>
            {up > 0 && (
              <rect x={x} y={y - up * HEIGHT} width={MINUTE - GAP} height={up * HEIGHT} className="fill-success" />
            )}
            {down > 0 && <rect x={x} y={y} width={MINUTE - GAP} height={down * HEIGHT} className="fill-error" />}
          </g>
        )
      })}
      <line
        x1={0}
        x2={width}
        y1={y}
        y2={y}
        vectorEffect="non-scaling-stroke"
        className="stroke-line-strong"
        strokeWidth={1}
      />
    </svg>
  )
}
