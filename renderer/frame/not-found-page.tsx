import { Compass } from 'lucide-react'
import { useLocation } from 'wouter'
import { Button } from '../ui/controls/button.tsx'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { Page } from '../ui/page/page.tsx'

export function NotFoundPage() {
  const [location, navigate] = useLocation()
  return (
    <Page title="Nothing here">
      <EmptyState
        icon={Compass}
        title="This address leads nowhere"
        action={
          <Button variant="primary" onClick={() => navigate('/zaps')}>
            Go to your zaps
          </Button>
        }
      >
        There is no screen at <code className="font-mono text-sm break-all">{location}</code>.
      </EmptyState>
    </Page>
  )
}
