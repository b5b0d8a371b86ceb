import { startHost, temporaryFolder, runCli } from '/work/main/e2e/fixtures/headless-host.ts'
import { startTarget } from '/work/main/e2e/fixtures/counting-target.ts'
import { relayZap, writeZap } from '/work/main/e2e/fixtures/zap-files.ts'
import { z } from 'zod'
const folder = await temporaryFolder(); const target = await startTarget()
let host = await startHost({ dataDir: folder.path })
await host.ask(z.any(), 'zap','import', await writeZap(folder.path,'relay',relayZap('crash',target.url)),'--enable')
const ack = new Set<number>(); let next=0
for (let round=0; round<5; round++){ let alive=true; const killAt=50+Math.floor(Math.random()*400); let answered=0
 const worker=async()=>{ while(alive){ const n=next++; try{ const r=await fetch(host.hooks+'/hooks/crash',{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify({n})}); if(r.status===200){await r.json(); ack.add(n)} }catch{} answered++; if(answered===killAt){alive=false; await host.kill()} } }
 await Promise.all(Array.from({length:20},worker)); host=await startHost({dataDir:folder.path}); console.log('round',round,killAt,ack.size) }
for(let i=0;i<8;i++){ await new Promise(r=>setTimeout(r,1000)); const arrived=new Set(target.requests.map(r=>JSON.parse(r.body).n)); const missing=[...ack].filter(n=>!arrived.has(n)); console.log(missing.length, missing.slice(0,5), (await runCli(['outbox','--json','--data',folder.path])).stdout.trim()); if(!missing.length)break }
console.log(host.log().slice(-1500)); console.log(folder.path)
await host.stop(); await target.close()
