import { upTo } from '../work.ts'

const COLUMNS = 20
const ROWS = 50
const ACROSS = 280
const DOWN = 144

/**
 * A page of 1,000 cards and their wires, as large and as far apart as the editor's, all there from the start, that no framework draws:
 * the wheel scales them about the pointer by as much as React Flow does. What Chromium can draw on this machine when nothing else is to be done.
 */
export function barePage(): string {
  const places = upTo(ROWS).flatMap((row) => upTo(COLUMNS).map((column) => ({ x: column * ACROSS, y: row * DOWN })))
  const cards = places.map(
    ({ x, y }, at) => `<div class="card" style="transform:translate(${x}px,${y}px)">
      <div class="tile"></div><div><p class="title">Call number ${at}</p><p>POST 127.0.0.1:1/orders</p></div></div>`,
  )
  const wires = places.map(({ x, y }) => `<path d="M${x + 120} ${y + 64}V${y + DOWN}"/>`)
  return `<!doctype html><style>
    body { margin: 0; overflow: hidden; font: 12px sans-serif }
    .canvas { position: absolute; inset: 0 0 0 300px; overflow: hidden; background: #f4f5f7 }
    .view { position: absolute; transform-origin: 0 0 }
    svg { position: absolute; overflow: visible } path { fill: none; stroke: #bbb; stroke-width: 2 }
    .card { position: absolute; display: flex; gap: 12px; align-items: center; width: 238px; height: 62px; border: 1px solid #bbb;
      border-radius: 10px; background: #fff; box-shadow: 0 1px 2px rgb(0 0 0 / 10%) }
    .tile { width: 40px; height: 40px; margin-left: 12px; border-radius: 6px; background: #dbe6f5 }
    p { margin: 0; color: #667 } .title { font-size: 13px; font-weight: 600; color: #111 }
  </style><div class="canvas"><div class="view"><svg width="1" height="1">${wires.join('')}</svg>${cards.join('')}</div></div><script>
    const canvas = document.querySelector('.canvas'), view = document.querySelector('.view')
    let x = 200 - 9 * ${ACROSS}, y = 100, zoom = 1
    const show = () => { view.style.transform = 'translate(' + x + 'px,' + y + 'px) scale(' + zoom + ')' }
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault()
      const next = Math.min(2, Math.max(0.04, zoom * 2 ** (-event.deltaY * 0.002)))
      const at = { x: event.clientX - 300, y: event.clientY }
      x = at.x - (at.x - x) * next / zoom
      y = at.y - (at.y - y) * next / zoom
      zoom = next
      show()
    }, { passive: false })
    show()
  </script>`
}
