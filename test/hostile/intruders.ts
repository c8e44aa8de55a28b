const ADDRESSES = ['href', 'src', 'action', 'formaction'];

/** What a parser of HTML finds on a page that our pages never have. */
export async function intruders(page: Response): Promise<string[]> {
  const found: string[] = [];
  const look = (element: Element) => {
    if (['script', 'img', 'iframe', 'object', 'base'].includes(element.tagName)) {
      found.push(element.tagName);
    }
    for (const [attribute = '', content = ''] of element.attributes) {
      // The icon is in the page, and holds nothing of a request.
      const isIcon = element.getAttribute('rel') === 'icon' && content.startsWith('data:image/svg');
      const isCode = !isIcon && /^\s*(?:javascript|data):/i.test(content);
      if (attribute.startsWith('on') || (isCode && ADDRESSES.includes(attribute))) {
        found.push(`${attribute}="${content}"`);
      }
    }
  };
  await new HTMLRewriter().on('*', { element: look }).transform(page).text();
  return found;
}
