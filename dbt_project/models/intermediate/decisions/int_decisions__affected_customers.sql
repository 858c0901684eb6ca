{#- Affected customers had a ticket or gave an answer in the scope during the window before the start of the action. -#}
with register as (
    select * from {{ ref('improvement_register') }}
    where company = '{{ var("company", "demo") }}' and started_on < {{ as_of_date() }}
),

answers as (
    select * from {{ ref('int_decisions__improvement_answers') }}
    where period = 'before' and compared_group = 'scope' and customer_key is not null
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

timeline as (
    select * from {{ ref('fct_customer_timeline') }}
    where touchpoint = 'improvement_notice'
),

affected as (
    select
        action_id,
        customer_key
    from answers
    union
    select
        register.action_id,
        tickets.customer_key
    from register
    inner join tickets
        on tickets.opened_at >= {{ add_days('register.started_on', '-register.window_days') }}
        and tickets.opened_at < cast(register.started_on as timestamp)
    left join versions on tickets.customer_key = versions.customer_key and {{ is_valid_at('tickets.opened_at') }}
    where
        tickets.customer_key is not null
        and case register.scope_dimension
            when 'region' then versions.region
            when 'segment' then versions.segment
            when 'product' then tickets.product
            when 'channel' then tickets.channel
            when 'team' then tickets.team
        end = register.scope_value
),

informed as (
    select distinct
        affected.action_id,
        affected.customer_key
    from affected
    inner join register on affected.action_id = register.action_id
    inner join timeline
        on affected.customer_key = timeline.customer_key
        and timeline.occurred_at >= cast(register.started_on as timestamp)
),

final as (
    select
        affected.action_id,
        affected.customer_key,
        informed.customer_key is not null as is_told
    from affected
    left join informed on affected.action_id = informed.action_id and affected.customer_key = informed.customer_key
)

select * from final
