// The server writes times in UTC; here they turn into the viewer's zone.
const absolute = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "long" });

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) continue;
  if (time.hasAttribute("data-local")) time.textContent = absolute.format(at);
  else time.title = absolute.format(at);
}
