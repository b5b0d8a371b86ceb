import { classNames } from './class-names.ts'

const COLOURS: Readonly<Record<string, string>> = {
  GET: 'text-running',
  POST: 'text-success',
  PUT: 'text-waiting',
  PATCH: 'text-waiting',
  DELETE: 'text-error',
  EVENT: 'text-cat-webhook',
}

/** The method of an operation, as a coloured word. */
export function MethodWord({ method, className }: { method: string; className?: string }) {
  return (
    <span className={classNames('font-mono text-xs', COLOURS[method] ?? 'text-ink-faint', className)}>{method}</span>
  )
}
