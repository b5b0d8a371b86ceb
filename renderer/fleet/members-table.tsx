import {
  CircleAlert,
  CircleArrowUp,
  CircleCheck,
  CircleHelp,
  CirclePause,
  CircleX,
  Cog,
  Copy,
  Ellipsis,
  LogIn,
  type LucideIcon,
  Monitor,
  Pause,
  Play,
  Server,
  ServerOff,
  Trash2,
  Unplug,
} from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Fleet, FleetMember } from '../../core/contract/fleet-values.ts'
import { chordOf } from '../commands/chord.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { copyText } from '../ui/controls/copy-text.ts'
import { Menu } from '../ui/layers/menu.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { useMedia } from '../ui/look/use-media.ts'
import { exactAmount, formatDuration } from '../ui/words/duration.ts'
import { ToldText } from '../ui/words/told-text.tsx'
import { drain } from './drain.ts'
import { counted, goneWords } from './fleet-words.ts'
import { MinuteLine } from './minute-line.tsx'

const ROLES: Readonly<Record<FleetMember['roles'][number], LucideIcon>> = { intake: LogIn, worker: Cog }
/** Lag from which a host is marked: more than a minute of what it does. */
const isBehind = ({ lag, runsAMinute }: FleetMember): boolean => lag > Math.max(20, runsAMinute)

/** Every host of the fleet, and what can be done with it. */
export function MembersTable({ fleet, onRemove }: { fleet: Fleet; onRemove(member: FleetMember): void }) {
  const isNarrow = useMedia('(max-width: 1100px)')
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [waitedFor, setWaitedFor] = useState<ReadonlySet<string>>(new Set())
  const columns: Column[] = [
    { title: 'Host', ...(!isNarrow && { width: '19%' }) },
    ...(isNarrow ? [] : [{ title: 'Version', width: '8%' }]),
    { title: 'Roles', width: isNarrow ? '160px' : '164px' },
    { title: 'State', width: '128px' },
    { title: 'Lag', width: '64px', align: 'end' },
    { title: 'Runs a minute', width: isNarrow ? '130px' : '216px', align: 'end' },
    ...(isNarrow ? [] : [{ title: 'Relayed', width: '80px', align: 'end' as const }]),
    { title: 'Seen', width: '84px' },
    { title: 'Actions', width: '44px', isTitleHidden: true },
  ]
  const toggle = (name: string): void =>
    setOpened((now) => {
      const next = new Set(now)
      if (!next.delete(name)) next.add(name)
      return next
    })
  return (
    <Table label="Hosts" columns={columns}>
      {fleet.members.map((member) => {
        const isOpen = opened.has(member.name)
        const isTold = member.state === 'gone' && !waitedFor.has(member.name)
        return (
          <MemberRows
            key={member.name}
            member={member}
            fleet={fleet}
            columns={columns.length}
            isNarrow={isNarrow}
            isOpen={isOpen}
            isTold={isTold}
            onToggle={() => toggle(member.name)}
            onRemove={() => onRemove(member)}
            onWait={() => setWaitedFor(new Set([...waitedFor, member.name]))}
          />
        )
      })}
    </Table>
  )
}

function MemberRows(props: {
  member: FleetMember
  fleet: Fleet
  columns: number
  isNarrow: boolean
  isOpen: boolean
  /** Whether it is said below what became of its work. */
  isTold: boolean
  onToggle(): void
  onRemove(): void
  onWait(): void
}) {
  const { member, fleet, isNarrow, isOpen, isTold } = props
  const { name, isSelf, version, isOlder, address, state, lag, running, relayed, runsAMinute, minutes } = member
  const isGone = state === 'gone'
  // What is known of it is as old as the last word of the log.
  const isUnknown = state === 'unknown'
  const Icon = isGone ? ServerOff : isSelf ? Monitor : Server
  const where = isSelf ? 'this computer' : address.replace(/^https?:\/\//, '')
  const onKeyDown = (event: KeyboardEvent): void => {
    if (chordOf(event) !== 'D' || isGone) return
    event.preventDefault()
    void drain(member)
  }
  return (
    <>
      <tr className={classNames(TABLE_ROW, 'h-11', isGone && 'bg-error-soft', isUnknown && 'text-ink-faint')}>
        <td>
          <div className="flex items-center gap-3">
            <span
              className={classNames(
                'flex size-7 shrink-0 items-center justify-center rounded border',
                isGone ? 'border-transparent text-error' : 'border-line bg-sunken text-ink-soft',
              )}
            >
              <Icon size={15} aria-hidden />
            </span>
            <div className="min-w-0">
              <button
                type="button"
                data-row-link
                aria-expanded={isOpen}
                onClick={props.onToggle}
                onKeyDown={onKeyDown}
                className="block max-w-full truncate rounded-sm leading-4 font-semibold text-ink hover:underline"
              >
                <ToldText>{name}</ToldText>
              </button>
              <span className="block truncate font-mono text-xs leading-4 text-ink-faint" title={where}>
                {isNarrow ? `${version}${relayed > 0 ? `, ${relayed} relayed` : ''}` : <ToldText>{where}</ToldText>}
              </span>
            </div>
          </div>
        </td>
        {!isNarrow && (
          <td className={classNames('tabular-nums', isOlder ? 'font-semibold text-waiting' : 'text-ink-soft')}>
            {version}
          </td>
        )}
        <td>
          <span className="flex flex-wrap gap-1">
            {member.roles.map((role) => {
              const RoleIcon = ROLES[role]
              return (
                <span
                  key={role}
                  className="flex h-5 items-center gap-1 rounded-sm bg-hover px-1.5 text-xs font-medium text-ink-soft"
                >
                  <RoleIcon size={12} aria-hidden />
                  {role}
                </span>
              )
            })}
          </span>
        </td>
        <td>
          <State member={member} isAlone={fleet.state === 'alone'} />
        </td>
        <td
          className={classNames(
            'text-right tabular-nums',
            !isUnknown && isBehind(member) && 'font-semibold text-waiting',
          )}
        >
          {isGone ? '–' : lag.toLocaleString('en')}
        </td>
        <td>
          <span className="flex items-center justify-end gap-4">
            {!isNarrow && <MinuteLine minutes={minutes} isGone={isGone} />}
            <span className="w-12 text-right tabular-nums">{runsAMinute.toLocaleString('en')}</span>
          </span>
        </td>
        {!isNarrow && (
          <td
            className={classNames(
              'text-right tabular-nums',
              isGone && relayed > 0 ? 'font-semibold text-error' : 'text-ink-soft',
            )}
          >
            {relayed === 0 ? '–' : relayed.toLocaleString('en')}
          </td>
        )}
        <td
          className={classNames('whitespace-nowrap tabular-nums', isGone ? 'font-medium text-error' : 'text-ink-soft')}
        >
          {member.seenMs < 3_000 || isSelf ? 'now' : `${exactAmount(member.seenMs)} ago`}
        </td>
        <td className="pr-2!">
          <Menu
            trigger={<IconButton icon={Ellipsis} size="sm" label={`Actions for ${name}`} />}
            items={[
              state === 'draining'
                ? { label: 'Take events again', icon: Play, onSelect: () => void drain(member) }
                : { label: 'Drain', icon: Pause, disabled: isGone, onSelect: () => void drain(member) },
              {
                label: 'Copy address',
                icon: Copy,
                onSelect: () =>
                  void copyText(address).then((isCopied) => {
                    if (isCopied) toast({ title: 'Address copied', detail: address, tone: 'success' })
                  }),
              },
              'separator',
              {
                label: 'Remove from the fleet…',
                icon: Trash2,
                tone: 'danger',
                disabled: !isGone,
                onSelect: props.onRemove,
              },
            ]}
          />
        </td>
      </tr>
      {isTold && (
        <tr>
          <td colSpan={props.columns} className="border-b border-line px-4 py-3">
            <div className="flex items-center gap-3">
              <ServerOff size={16} aria-hidden className="ml-1.5 shrink-0 text-error" />
              <div className="min-w-0 flex-1 pl-1.5">
                <p className="font-semibold">
                  <ToldText>{name}</ToldText> has not been heard of for {exactAmount(member.seenMs)}
                </p>
                <p className="text-ink-soft">{goneWords(member, fleet.happened)}</p>
              </div>
              <Button onClick={props.onRemove}>Remove from the fleet…</Button>
              <Button variant="ghost" onClick={props.onWait}>
                Keep waiting
              </Button>
            </div>
          </td>
        </tr>
      )}
      {isOpen && (
        <tr>
          <td colSpan={props.columns} className="border-b border-line bg-sunken py-3 pr-4 pl-14">
            <dl className="flex flex-wrap gap-x-8 gap-y-2 text-ink-soft">
              <Detail name="Webhooks come in at">
                <span className="font-mono text-xs">
                  <ToldText>{address}</ToldText>
                </span>
              </Detail>
              <Detail name="Under way">{counted(running, 'run')}</Detail>
              <Detail name="Taken in, not sent on">{counted(member.outgoing, 'event')}</Detail>
              <Detail name="Sent on, end not heard of">{counted(relayed, 'event')}</Detail>
              {member.oldestMs !== null && <Detail name="Oldest of these">{formatDuration(member.oldestMs)}</Detail>}
              <Detail name="Starts by itself">{counted(member.owns, 'zap')}</Detail>
            </dl>
            {member.lacks.map(({ credential, zaps }) => (
              <p key={credential} className="mt-2 text-waiting">
                It lacks the credential “{credential}”, so it runs nothing of {zaps.map((zap) => zap.name).join(', ')}.
              </p>
            ))}
          </td>
        </tr>
      )}
    </>
  )
}

function Detail({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="text-ink tabular-nums">{children}</dd>
    </div>
  )
}

/** How a host is, as icon and word. */
function State({ member, isAlone }: { member: FleetMember; isAlone: boolean }) {
  const [Icon, word, tone] = stateLook(member, isAlone)
  return (
    <span className={classNames('flex items-center gap-1 font-medium whitespace-nowrap', tone)}>
      <Icon size={13} aria-hidden className="shrink-0" />
      {word}
    </span>
  )
}

function stateLook(
  { state, isSelf, isOlder, running, lacks }: FleetMember,
  isAlone: boolean,
): readonly [LucideIcon, string, string] {
  switch (state) {
    case 'gone':
      return [CircleX, 'Gone', 'text-error']
    case 'unknown':
      return [CircleHelp, 'Not known', 'text-ink-faint']
    case 'draining':
      return [CirclePause, running === 0 ? 'Drained' : `Draining, ${running} left`, 'text-waiting']
    case 'connected':
      if (isSelf && isAlone) return [Unplug, 'Alone', 'text-waiting']
      if (isOlder) return [CircleArrowUp, 'Older version', 'text-waiting']
      if (lacks.length > 0) return [CircleAlert, 'Lacks something', 'text-waiting']
      return [CircleCheck, 'Connected', 'text-success']
  }
}
