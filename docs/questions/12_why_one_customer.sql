-- By which chain of links are these two CRM records one customer?
-- Write the two records into the first lines. No row: they are not one customer tonight.
with recursive asked as (
    select
        linked_customer_id as one_customer_id,    -- 'A0000046'
        customer_id as other_customer_id          -- 'A0000069'
    from marts.identity_links
    where decision = 'joined' and linked_customer_id is not null
    order by customer_id, link_id
    limit 1
),

links as (
    select links.*
    from marts.identity_links as links
    where
        links.decision = 'joined'
        and links.customer_key in (
            select asked_links.customer_key
            from marts.identity_links as asked_links
            inner join asked on asked_links.customer_id = asked.one_customer_id
        )
),

pairs as (
    select
        here.customer_id,
        there.customer_id as next_customer_id,
        here.identifier_type,
        here.identifier_md5,
        greatest(here.claimed_from, there.claimed_from) as shared_from,
        there.link_id
    from links as here
    inner join links as there
        on
            here.identifier_type = there.identifier_type
            and here.identifier_md5 = there.identifier_md5
            and here.tenure = there.tenure
            and here.customer_id != there.customer_id
),

walk as (
    select
        one_customer_id as customer_id,
        0 as step
    from asked
    union
    select
        pairs.next_customer_id as customer_id,
        walk.step + 1 as step
    from walk
    inner join pairs on walk.customer_id = pairs.customer_id
    where walk.step < (select count(distinct links.customer_id) from links)
),

reached as (
    select
        customer_id,
        min(step) as step
    from walk
    group by customer_id
),

steps as (
    select
        there.step,
        pairs.*,
        row_number() over (
            partition by pairs.next_customer_id
            order by pairs.customer_id, pairs.identifier_type, pairs.identifier_md5
        ) as choice
    from pairs
    inner join reached as here on pairs.customer_id = here.customer_id
    inner join reached as there on pairs.next_customer_id = there.customer_id and here.step + 1 = there.step
),

way_back as (
    select steps.*
    from steps
    inner join asked on steps.next_customer_id = asked.other_customer_id
    where steps.choice = 1
    union all
    select steps.*
    from way_back
    inner join steps on way_back.customer_id = steps.next_customer_id
    where steps.choice = 1
)

select
    step,
    customer_id,
    next_customer_id as linked_customer_id,
    case when identifier_type = 'customer_id' then 'explicit merge' else 'same ' || identifier_type end as because,
    identifier_md5,
    shared_from,
    link_id
from way_back
order by step;
