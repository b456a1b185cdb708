// Puts a form on any page: <div data-docketed="firm/endpoint"></div><script src="…/forms/embed.js" async></script>.
;(() => {
  var base = new URL('.', document.currentScript.src)
  document.querySelectorAll('[data-docketed]').forEach(place => {
    if (place.firstChild) return
    var frame = document.createElement('iframe')
    frame.src = new URL(place.dataset.docketed, base)
    frame.title = place.dataset.title || 'Contact form'
    frame.style.cssText = 'width:100%;border:0;min-height:30rem'
    place.appendChild(frame)
    addEventListener('message', event => {
      var height = event.source === frame.contentWindow && event.origin === base.origin && Number(event.data?.docketed)
      if (height) frame.style.height = `${height}px`
      if (height && !place.dataset.title) frame.title = event.data.title
    })
  })
})()
