/** The look of a few views of one thing, side by side in a box, of which one shows. */
export const SEGMENTS = 'flex rounded border border-line bg-sunken p-0.5'

/** One of them: `data-state` says whether it is the one (`on`, `active`, `checked`). */
export const SEGMENT =
  'flex h-6 items-center justify-center gap-1.5 rounded-sm px-2 text-sm font-medium text-ink-soft transition-colors hover:text-ink disabled:opacity-40 data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-card data-[state=checked]:bg-raised data-[state=checked]:text-ink data-[state=checked]:shadow-card data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-card'
