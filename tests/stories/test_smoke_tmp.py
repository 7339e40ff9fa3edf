def test_x(desk_of, live_site):
    desk = desk_of("lms.sykepleier")
    print(desk.page.url, desk.text[:1000])
    desk.search("sengemyr")
    print(desk.text[:1500])
