import { CircleCheck, CircleX, Lightbulb, type LucideIcon, Minus } from 'lucide-react'
import type { SignatureReport } from '../../core/contract/values.ts'
import { classNames } from '../ui/look/class-names.ts'

type Result = SignatureReport['checks'][number]['result']

const MARKS: Readonly<Record<Result, { icon: LucideIcon; tone: string; word: string }>> = {
  passed: { icon: CircleCheck, tone: 'text-success', word: 'right' },
  failed: { icon: CircleX, tone: 'text-error', word: 'wrong' },
  seen: { icon: Minus, tone: 'text-ink-faint', word: 'calculated' },
}

/** Why a request was not believed: every step of the check, with what the computers compared. */
export function SignatureReportView({ report }: { report: SignatureReport }) {
  return (
    <div className="flex flex-col gap-4 p-4">
      {report.hint !== null && (
        <p className="flex gap-2 rounded border border-line bg-sunken px-3 py-2 text-ink">
          <Lightbulb size={15} aria-hidden className="mt-[3px] shrink-0 text-waiting" />
          <span className="min-w-0 break-words">{report.hint}</span>
        </p>
      )}
      <ol aria-label="Steps of the check" className="flex flex-col gap-3">
        {report.checks.map(({ title, result, text, values }) => {
          const { icon: Icon, tone, word } = MARKS[result]
          return (
            <li key={title} className="flex gap-2.5">
              <Icon size={15} aria-hidden className={classNames('mt-[3px] shrink-0', tone)} />
              <div className="min-w-0 flex-1">
                <p className="font-medium break-words">
                  {title} <span className="sr-only">: {word}</span>
                </p>
                <p className="break-words text-ink-soft">{text}</p>
                {values.length > 0 && (
                  <dl className="mt-1.5 flex flex-col gap-1.5">
                    {values.map((value) => (
                      <div key={value.label} className="rounded border border-line bg-sunken px-2.5 py-1.5">
                        <dt className="text-xs text-ink-faint">{value.label}</dt>
                        <dd className="font-mono text-sm break-all whitespace-pre-wrap">{value.text}</dd>
                      </div>
                    ))}
                  </dl>
                )}
              </div>
            </li>
          )
        })}
      </ol>
      <p className="text-sm text-ink-faint">
        Nothing here is a secret: of what was expected only the beginning is shown, and secrets never leave the host.
      </p>
    </div>
  )
}
