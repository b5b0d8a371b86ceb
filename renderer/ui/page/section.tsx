import { type ReactNode, useId } from 'react'

/** A group of settings: what it is about, a control at the side, and more below. */
export function Section({
  title,
  description,
  control,
  children,
}: {
  title: string
  description?: ReactNode
  control?: ReactNode
  children?: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface shadow-card">
      <div className="flex items-center gap-6 px-5 py-4">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {description !== undefined && <p className="text-ink-soft">{description}</p>}
        </div>
        {control}
      </div>
      {children !== undefined && <div className="border-t border-line px-5 py-4">{children}</div>}
    </section>
  )
}
