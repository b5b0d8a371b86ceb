import './commands/composition.ts'
import './api/start.ts'
import './ui/look/tokens.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { keepAnswersFresh } from './queries/invalidate.ts'
import { cache } from './queries/queries.ts'
import { restoreAppearance } from './stores/appearance.ts'

restoreAppearance()
keepAnswersFresh()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
