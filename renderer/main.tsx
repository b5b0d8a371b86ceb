import './commands/composition.ts'
import './api/start.ts'
import './ui/look/tokens.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { keepAnswersFresh } from './queries/invalidate.ts'
import { cache } from './queries/queries.ts'
import { restoreAppearance } from './stores/appearance.ts'

const QuickRun = lazy(async () => ({ default: (await import('./shell/quick-run.tsx')).QuickRun }))

restoreAppearance()
keepAnswersFresh()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')
// A window of its own has one small page, without the frame of the screens.
const page = location.hash === '#/quick-run' ? <QuickRun /> : <App />
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <Suspense>{page}</Suspense>
    </QueryClientProvider>
  </StrictMode>,
)
