/** The one style sheet of the page. Colours are Grafana's, so that a state looks the same here and in the panel. */
import { createHash } from 'node:crypto';

export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--text:rgb(36,41,46);--quiet:rgba(36,41,46,.75);--max:#000;--link:#1f62e0;--ring:#3871dc;--line:rgba(36,41,46,.12);--button:rgba(36,41,46,.08);
--ok:#3274d9;--warn:#ff780a;--warn-edge:var(--text);--crit:#ad0317;--crit-edge:#ad0317;--grey:#6e6e6e}
@media(prefers-color-scheme:dark){:root{--page:#181b1f;--text:rgb(204,204,220);--quiet:rgba(204,204,220,.65);--max:#fff;--link:#6e9fff;--ring:#3d71d9;--line:rgba(204,204,220,.12);--button:rgba(204,204,220,.1);
--ok:#5794f2;--warn:#ff9830;--warn-edge:#ff9830;--crit:#c4162a;--crit-edge:var(--text);--grey:#8e8e8e}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:400 14px/22px Inter,"Helvetica Neue",Helvetica,Arial,sans-serif}
h1,h2,p,dl,dd,ul{margin:0;padding:0}ul{list-style:none}b,.name a{font-weight:600}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
a:focus-visible,button:focus-visible{outline:2px solid var(--ring);outline-offset:2px;border-radius:2px}
main{max-width:1020px;margin:0 auto;padding:32px 32px 24px}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 12px;padding-bottom:16px;border-bottom:1px solid var(--line)}
header b{font-size:16px}nav{display:flex;gap:16px;margin-left:auto}
.small,th,dt,footer{font-size:12px;line-height:18px;color:var(--quiet)}.quiet{color:var(--quiet)}
.verdict{display:grid;grid-template-columns:28px 1fr;gap:12px;margin:24px 0 20px}
.verdict h1{font-weight:400;font-size:24px;line-height:30px;overflow-wrap:anywhere}.verdict h1 b{color:var(--max)}.verdict p{color:var(--quiet)}
.fleet{display:flex;flex-wrap:wrap;gap:16px 20px;margin-bottom:28px}.fleet dt{margin-bottom:4px}.fleet dt b{color:var(--text)}.fleet dd{display:flex;flex-wrap:wrap;gap:4px}.fleet a{display:block}
section{margin-bottom:28px}h2{font-weight:600;font-size:16px;line-height:22px;margin-bottom:6px}.note{margin-bottom:8px}
table{width:100%;border-collapse:collapse}th{font-weight:400;text-align:left;padding:0 16px 4px 0}
td{border-top:1px solid var(--line);padding:6px 16px 6px 0;line-height:20px;vertical-align:top;overflow-wrap:break-word}.reason,.state.name{overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}.state,.number{width:1%;white-space:nowrap}.state span{display:flex;gap:8px;align-items:center}td.state{padding-right:20px}
.number{text-align:right;font-variant-numeric:tabular-nums}.name{min-width:150px}.reason{width:50%}
.reason span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.links{display:grid;grid-template-columns:auto 1fr;gap:4px 24px}.links dt a{font:400 14px/20px "Roboto Mono",ui-monospace,monospace}.links dd{color:var(--quiet)}
form{margin:0}button{font:600 12px/24px Inter,"Helvetica Neue",Helvetica,Arial,sans-serif;color:var(--text);background:var(--button);border:0;border-radius:6px;padding:0 8px;cursor:pointer;white-space:nowrap}
footer{border-top:1px solid var(--line);padding-top:12px}
.mark{display:block;flex:none}.crit{fill:var(--crit);stroke:var(--crit-edge)}.warn{fill:var(--warn);stroke:var(--warn-edge);stroke-linejoin:round}.ok{fill:var(--ok)}.grey{fill:var(--grey)}
.on-crit,.on-warn,.ring,.hand{fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}.on-crit{stroke:#fff}.on-warn{stroke:#1b1204}.ring,.hand{stroke:var(--grey)}.dashed{stroke-dasharray:2.6 2.1;stroke-linecap:butt}
@media(max-width:640px){main{padding:16px}.wide{display:none}.state.name{white-space:normal;width:auto}.reason{width:auto}td,th,td.state{padding-right:10px}.name{min-width:0}.links{grid-template-columns:1fr;gap:0}.links dd{margin-bottom:8px}nav{margin-left:0}}
`;

/** No script and nothing from elsewhere: the page may use this one style sheet and post to the demo's switches. */
export function contentSecurityPolicy(formOrigin: string | undefined): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'img-src data:',
    // 'self' too: the demo answers a switch with a redirect back to this page.
    `form-action ${formOrigin ? `${formOrigin} 'self'` : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
