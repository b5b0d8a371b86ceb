import { Ban, Check, CircleCheck, CircleSlash, ClockAlert, Link2, type LucideIcon, X } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { Approval, Decision } from '../../core/contract/values.ts'
import { Button } from '../ui/controls/button.tsx'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Textarea } from '../ui/controls/input.tsx'
import { JsonView } from '../ui/json/json-view.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { useOnceDrawn } from '../ui/page/use-once-drawn.ts'
import { ClockTime } from '../ui/words/clock-time.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { ToldText } from '../ui/words/told-text.tsx'
import { AnswerFields } from './answer-fields.tsx'
import { decideApproval } from './approvals.ts'
import { DECISION_WORDS } from './decision-words.ts'
import { type Filled, filledAtFirst } from './filled.ts'

/** The contract's longest note. */
const LONGEST_NOTE = 2_000

/** What a run asks, what to look at before answering, and the answer: to be given, or as it was given. */
export function ApprovalBox({ approval, onDecided }: { approval: Approval; onDecided?: () => void }) {
  const [decidedHere, setDecidedHere] = useState(false)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-lg leading-6 break-words whitespace-pre-wrap text-ink">
        <ToldText>{approval.message}</ToldText>
      </p>
      {hasSomething(approval.data) && (
        <div className="max-h-80 overflow-auto rounded border border-line bg-sunken p-2">
          <JsonView value={approval.data} label="What to look at" />
        </div>
      )}
      {approval.decision === null ? (
        <Question
          approval={approval}
          onDecided={() => {
            setDecidedHere(true)
            onDecided?.()
          }}
        />
      ) : (
        <Answer decision={approval.decision} approval={approval} takesFocus={decidedHere} />
      )}
    </div>
  )
}

function Question({ approval, onDecided }: { approval: Approval; onDecided: () => void }) {
  const id = useId()
  const { fields, answers } = approval.question
  const [note, setNote] = useState('')
  const [filled, setFilled] = useState<Filled>(() => filledAtFirst(approval.question))
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map())
  const [deciding, setDeciding] = useState<string | null>(null)
  const form = useRef<HTMLDivElement>(null)
  const onceDrawn = useOnceDrawn()
  const decide = async (decision: string) => {
    setDeciding(decision)
    const wrong = await decideApproval(approval, decision, note, filled)
    setDeciding(null)
    setProblems(wrong)
    if (wrong.size === 0) onDecided()
    else onceDrawn(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  return (
    <>
      {fields.length > 0 && (
        <div ref={form}>
          <AnswerFields
            fields={fields}
            filled={filled}
            problems={problems}
            disabled={deciding !== null}
            onChange={(name, value) => {
              setFilled((before) => new Map([...before, [name, value]]))
              setProblems((before) => new Map([...before].filter(([other]) => other !== name)))
            }}
          />
        </div>
      )}
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="text-sm font-medium text-ink-soft">
          Note <span className="font-normal text-ink-faint">(optional, kept with the run)</span>
        </label>
        <Textarea
          id={id}
          rows={2}
          className="min-h-0!"
          maxLength={LONGEST_NOTE}
          value={note}
          disabled={deciding !== null}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {answers.map((answer, at) => (
          <Button
            key={answer.id}
            variant={at === 0 ? 'primary' : 'secondary'}
            {...(answer.id in ICONS && { icon: ICONS[answer.id as keyof typeof ICONS] })}
            loading={deciding === answer.id}
            disabled={deciding !== null}
            onClick={() => void decide(answer.id)}
          >
            {answer.label}
          </Button>
        ))}
        <span className="ml-auto flex items-center gap-2 text-sm text-ink-faint">
          {approval.link !== null && <CopyButton text={approval.link.url} label="Copy link" words icon={Link2} />}
          {approval.expiresAt === null ? (
            'Waits until it is answered'
          ) : (
            <span>
              Expires <ClockTime iso={approval.expiresAt} />
            </span>
          )}
        </span>
      </div>
    </>
  )
}

/** Of the ordinary answers. */
const ICONS = { approved: Check, declined: X }

const LOOKS: Readonly<Record<Decision, { icon: LucideIcon; tone: string }>> = {
  approved: { icon: CircleCheck, tone: 'text-success' },
  declined: { icon: Ban, tone: 'text-error' },
  chosen: { icon: CircleCheck, tone: 'text-success' },
  expired: { icon: ClockAlert, tone: 'text-waiting' },
  withdrawn: { icon: CircleSlash, tone: 'text-ink-faint' },
}

function Answer({
  decision,
  approval,
  takesFocus,
}: {
  decision: Decision
  approval: Approval
  /** Whether the button that had the focus made way for this. */
  takesFocus: boolean
}) {
  const { icon: Icon, tone } = LOOKS[decision]
  const self = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (takesFocus) self.current?.focus({ preventScroll: true })
  }, [takesFocus])
  return (
    <div ref={self} tabIndex={-1} className="flex items-start gap-2 outline-none">
      <Icon size={15} aria-hidden className={classNames('mt-[3px] shrink-0', tone)} />
      <div className="min-w-0">
        <p>
          <span className={classNames('font-medium', tone)}>{answerWords(decision, approval)}</span>
          {approval.via === 'link' && <span className="text-ink-faint"> by its link</span>}
          {approval.decidedAt !== null && (
            <span className="text-ink-faint">
              {' '}
              <RelativeTime iso={approval.decidedAt} />
            </span>
          )}
        </p>
        {approval.note !== null && approval.note !== '' && (
          <blockquote className="mt-1 border-l-2 border-line-strong pl-2.5 break-words whitespace-pre-wrap text-ink-soft">
            <ToldText>{approval.note}</ToldText>
          </blockquote>
        )}
      </div>
    </div>
  )
}

/** What became of a question, in the words of its own buttons. */
function answerWords(decision: Decision, { choice, question }: Approval): string {
  const own = question.answers.find(({ id }) => id === choice)
  return own === undefined ? DECISION_WORDS[decision] : own.label
}

function hasSomething(data: Approval['data']): boolean {
  if (data === null || data === '') return false
  return typeof data !== 'object' || Object.keys(data).length > 0
}
