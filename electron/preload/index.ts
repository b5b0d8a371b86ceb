import { contextBridge, ipcRenderer } from 'electron'

// What a page gets from here: it may hand over the ports on which it talks to the core and hears of its start, once, and it hears when its
// window is shown again.
contextBridge.exposeInMainWorld('hooklineHost', 'desktop')
const handOver = (event: MessageEvent): void => {
  if (event.source !== window || event.data !== 'hookline:port') return
  window.removeEventListener('message', handOver)
  ipcRenderer.postMessage('hookline:port', null, [...event.ports])
}
window.addEventListener('message', handOver)
ipcRenderer.on('hookline:shown', () => window.postMessage('hookline:shown', location.origin))
