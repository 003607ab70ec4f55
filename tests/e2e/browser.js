// The least of a browser that signing in needs: it keeps cookies, follows redirects, reads forms and posts them.

const MOST_REDIRECTS = 20;
const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decode = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, number, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : number ? String.fromCodePoint(Number(number)) : (entities[name] ?? whole));

const attributes = (tag) =>
  Object.fromEntries([...tag.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, decode(value ?? "")]));

/** The first form of a page: where it goes, and what its fields hold before anybody typed. */
export function readForm(html, base) {
  const [, open, inside] = html.match(/<form\b([^>]*)>([\s\S]*?)<\/form>/i) ?? [];
  if (inside === undefined) throw new Error(`No form at ${base}:\n${html.slice(0, 500)}`);
  const fields = [...inside.matchAll(/<input\b[^>]*>/gi)].map(([tag]) => attributes(tag)).filter((input) => input.name);
  return {
    action: new URL(attributes(open).action ?? "", base),
    fields: Object.fromEntries(fields.map((input) => [input.name, input.value ?? ""])),
    names: fields.map((input) => input.name),
  };
}

export class Browser {
  #cookies = new Map();

  /** Goes to an address and on along its redirects, up to one that starts with `until`, which is not opened. */
  async open(address, { until, ...init } = {}) {
    let url = new URL(address);
    for (let hops = 0; hops < MOST_REDIRECTS; hops++) {
      const response = await fetch(url, {
        ...init,
        redirect: "manual",
        headers: { ...init.headers, cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      });
      this.#keep(response);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || !location) {
        return { url, status: response.status, html: await response.text() };
      }
      url = new URL(location, url);
      if (until && url.href.startsWith(until)) return { url, status: response.status, html: "" };
      init = {};
    }
    throw new Error(`More than ${MOST_REDIRECTS} redirects from ${address}`);
  }

  /** Fills in the form of a page and sends it, as the named button would. */
  submit(page, typed, options = {}) {
    const form = readForm(page.html, page.url);
    return this.open(form.action, {
      ...options,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", origin: page.url.origin },
      body: new URLSearchParams({ ...form.fields, ...typed }).toString(),
    });
  }

  #keep(response) {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (/;\s*max-age=0/i.test(cookie) || /expires=[^;]*1970/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** Signs in and allows what is asked for; gives the address the application is called back at. */
export async function authorize(browser, url, { email, password, callback }) {
  let page = await browser.open(url, { until: callback });
  if (page.url.pathname.endsWith("/sign-in")) {
    page = await browser.submit(page, { email, password }, { until: callback });
  }
  if (page.url.pathname.endsWith("/consent")) {
    page = await browser.submit(page, { decision: "allow" }, { until: callback });
  }
  if (!page.url.href.startsWith(callback)) throw new Error(`Not called back, but at ${page.url} (${page.status}):\n${page.html.slice(0, 2000)}`);
  return page.url;
}
