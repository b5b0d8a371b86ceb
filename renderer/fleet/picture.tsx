import { CircleCheck, CirclePause, Monitor, Server, ServerOff, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Fleet } from '../../core/contract/fleet-values.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { useMedia } from '../ui/look/use-media.ts'
import { ClockTime } from '../ui/words/clock-time.tsx'
import { formatDuration } from '../ui/words/duration.ts'
import { ToldText } from '../ui/words/told-text.tsx'
import { dotsFor, type PictureHost, pictureSides, pointOnWire } from './fleet-picture.ts'
import { counted, joinCommand, LOG_NAMES } from './fleet-words.ts'
import { LogMark } from './log-mark.tsx'

/** Pixels: a host, what is between two, and the least height of the middle. */
const HOST = 44
const GAP = 12
const MIDDLE = 108

/** Who takes requests in, the log, and who does the work; what goes between them moves. */
export function FleetPicture({ fleet }: { fleet: Fleet }) {
  const { intake, workers } = pictureSides(fleet)
  const tall = Math.max(intake.length, workers.length)
  const height = Math.max(MIDDLE, tall * HOST + (tall - 1) * GAP)
  const isCut = fleet.state !== 'connected'
  return (
    <section
      aria-label="How the hosts are joined"
      className="rounded-lg border border-line bg-surface p-6 pt-4 shadow-card"
    >
      <div className="mb-3 flex justify-between text-sm text-ink-faint" aria-hidden>
        <span>Take requests in</span>
        <span>The log</span>
        <span>Do the work</span>
      </div>
      <div className="flex items-center" style={{ height }}>
        <Side hosts={intake} height={height} label="Take requests in" />
        <Wires hosts={intake} height={height} isCut={isCut} end="log" />
        <LogBox fleet={fleet} />
        <Wires hosts={workers} height={height} isCut={isCut} end="hosts" />
        <Side hosts={workers} height={height} label="Do the work" />
      </div>
      {fleet.members.length === 1 && <FirstOther fleet={fleet} />}
    </section>
  )
}

/** Where the middle of each host is, from the top. */
const placesOf = (count: number, height: number): number[] => {
  const used = count * HOST + (count - 1) * GAP
  return Array.from({ length: count }, (_, at) => (height - used) / 2 + at * (HOST + GAP) + HOST / 2)
}

function Side({ hosts, height, label }: { hosts: readonly PictureHost[]; height: number; label: string }) {
  return (
    <ul
      aria-label={label}
      className="flex w-[176px] shrink-0 flex-col justify-center gap-3 max-[1100px]:w-[140px]"
      style={{ height }}
    >
      {hosts.map((host) => (
        <Host key={host.name} host={host} />
      ))}
      {hosts.length === 0 && <li className="text-sm text-ink-faint">No host does.</li>}
    </ul>
  )
}

const TILES: Readonly<Record<PictureHost['state'], string>> = {
  connected: 'bg-success-soft text-success',
  draining: 'bg-waiting-soft text-waiting',
  gone: 'bg-error-soft text-error',
  unknown: 'bg-hover text-ink-faint',
}

function Host({ host: { name, words, state, isSelf } }: { host: PictureHost }) {
  const isGone = state === 'gone'
  const Icon = isGone ? ServerOff : state === 'draining' ? CirclePause : isSelf ? Monitor : Server
  return (
    <li
      className={classNames(
        'flex h-11 items-center gap-2.5 rounded-lg border px-2.5',
        isGone ? 'border-dashed border-error text-error' : 'border-line-strong',
      )}
    >
      <span className={classNames('flex size-6 shrink-0 items-center justify-center rounded', TILES[state])}>
        <Icon size={14} aria-hidden />
      </span>
      <span className="min-w-0">
        <span className="block truncate leading-4 font-semibold text-ink" title={name}>
          <ToldText>{name}</ToldText>
        </span>
        <span
          className={classNames(
            'block truncate text-xs leading-4 tabular-nums',
            isGone ? 'text-error' : 'text-ink-faint',
          )}
        >
          {words}
        </span>
      </span>
    </li>
  )
}

/** What joins a side to the log. Only to be looked at: the table says all of it. */
function Wires({
  hosts,
  height,
  isCut,
  end,
}: {
  hosts: readonly PictureHost[]
  height: number
  isCut: boolean
  /** Where what moves comes to. */
  end: 'log' | 'hosts'
}) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  useEffect(() => {
    if (box.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const places = placesOf(hosts.length, height)
  return (
    <div ref={box} aria-hidden className="min-w-10 flex-1 self-stretch">
      {width > 0 && (
        <svg aria-hidden width={width} height={height} className="block">
          {hosts.map((host, at) => {
            const hostY = places[at] ?? 0
            // Side by side at the box, so that the wires can be told apart there.
            const logY = height / 2 + (at - (hosts.length - 1) / 2) * Math.min(16, 72 / hosts.length)
            const wire = end === 'log' ? { from: hostY, to: logY, width } : { from: logY, to: hostY, width }
            return (
              <Wire
                key={host.name}
                wire={wire}
                isGone={host.state === 'gone'}
                isCut={isCut}
                rate={host.rate}
                isStill={isStill}
              />
            )
          })}
        </svg>
      )}
    </div>
  )
}

function Wire({
  wire,
  isGone,
  isCut,
  rate,
  isStill,
}: {
  wire: { readonly from: number; readonly to: number; readonly width: number }
  isGone: boolean
  isCut: boolean
  rate: number
  isStill: boolean
}) {
  const { from, to, width } = wire
  const path = `M0,${from} C${width / 2},${from} ${width / 2},${to} ${width},${to}`
  const { count, seconds } = dotsFor(isGone || isCut ? 0 : rate)
  const middle = pointOnWire(wire, 0.5)
  return (
    <g>
      <path
        d={path}
        fill="none"
        strokeWidth={2}
        className={isGone ? 'stroke-error' : isCut ? 'stroke-waiting' : 'stroke-accent-line'}
        {...((isGone || isCut) && { strokeDasharray: '4 4' })}
      />
      {isGone && (
        <path
          d={`M${middle.x - 4},${middle.y - 4} l8,8 m0,-8 l-8,8`}
          fill="none"
          strokeWidth={1.5}
          className="stroke-error"
        />
      )}
      {Array.from({ length: count }, (_, at) => {
        const still = pointOnWire(wire, (at + 0.5) / count)
        return isStill ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: dots are alike
          <circle key={at} r={3} cx={still.x} cy={still.y} className="fill-accent" />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: dots are alike
          <circle key={at} r={3} className="fill-accent">
            <animateMotion
              path={path}
              dur={`${seconds}s`}
              begin={`${(-at * seconds) / count}s`}
              repeatCount="indefinite"
            />
          </circle>
        )
      })}
    </g>
  )
}

function LogBox({ fleet: { log, state, problem, members } }: { fleet: Fleet }) {
  const unsent = members.find(({ isSelf }) => isSelf)?.outgoing ?? 0
  const isWhole = log.brokersUp === log.brokers
  return (
    <div
      className={classNames(
        'w-[316px] shrink-0 rounded-lg border p-3.5 max-[1100px]:w-[280px]',
        state === 'alone' ? 'border-waiting bg-waiting-soft' : 'border-line-strong bg-sunken',
      )}
    >
      <div className="flex items-center gap-2.5">
        <LogMark kind={log.kind} />
        <div className="min-w-0 flex-1">
          <p className="leading-4 font-semibold">{LOG_NAMES[log.kind]}</p>
          <p className="truncate font-mono text-xs text-ink-soft" title={log.address}>
            <ToldText>{log.address}</ToldText>
          </p>
        </div>
        {state === 'connected' && log.brokers > 0 && (
          <span
            className={classNames(
              'flex shrink-0 items-center gap-1 text-sm font-medium',
              isWhole ? 'text-success' : 'text-waiting',
            )}
            title={`${log.brokersUp} of ${counted(log.brokers, 'server')} of the log are up`}
          >
            {isWhole ? <CircleCheck size={13} aria-hidden /> : <TriangleAlert size={13} aria-hidden />}
            {log.brokersUp} of {log.brokers}
          </span>
        )}
      </div>
      {state === 'alone' && problem !== null ? (
        <p className="mt-2.5 text-sm text-ink">
          <span className="font-semibold text-waiting">
            Working alone since <ClockTime iso={problem.since} />
          </span>
          {unsent > 0 && `; ${counted(unsent, 'event')} ${unsent === 1 ? 'waits' : 'wait'} here to be sent on`}.
        </p>
      ) : state === 'connecting' ? (
        <p className="mt-2.5 text-sm text-ink-soft">Reaching the log…</p>
      ) : (
        <dl className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
          <Fact value={log.perSecond.toLocaleString('en', { maximumFractionDigits: 1 })} words="a second" />
          <Fact
            value={(log.waiting + members.reduce((sum, { lag }) => sum + lag, 0)).toLocaleString('en')}
            words="lag"
          />
          {log.addedMs !== null && <Fact value={formatDuration(log.addedMs)} words="added" />}
          {log.partitions !== null && <Fact value={String(log.partitions)} words="partitions" />}
        </dl>
      )}
    </div>
  )
}

function Fact({ value, words }: { value: string; words: string }) {
  return (
    <div className="flex items-baseline gap-1">
      <dd className="order-first font-semibold text-ink tabular-nums">{value}</dd>
      <dt>{words}</dt>
    </div>
  )
}

/** What brings the second host. */
function FirstOther({ fleet }: { fleet: Fleet }) {
  const command = joinCommand({ address: fleet.log.address, name: 'NAME', roles: ['worker'] })
  return (
    <div className="mt-4 flex items-center gap-3 rounded border border-line bg-sunken px-3 py-2">
      <p className="min-w-0 flex-1 text-ink-soft">
        This host is the only one yet. On another computer:{' '}
        <code className="font-mono text-xs wrap-anywhere text-ink">{command}</code>
      </p>
      <CopyButton text={command} label="Copy command" />
    </div>
  )
}
