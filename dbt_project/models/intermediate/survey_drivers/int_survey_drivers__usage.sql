with responses as (
    select * from {{ ref('int_survey_drivers__responses') }}
    where customer_key is not null
),

windows as (
    select
        responses.response_id,
        sum(usage.outage_minutes) as outage_minutes_28d,
        sum(usage.minutes) as usage_minutes_28d
    from responses
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on responses.customer_key = customer_keys.customer_key
    inner join {{ ref('stg_crm__usage_daily') }} as usage
        on customer_keys.customer_id = usage.customer_id
        and usage.usage_date < cast(responses.responded_at as date)
        and usage.usage_date >= {{ add_days('responses.responded_at', -28) }}
    group by responses.response_id
),

final as (
    select
        responses.response_id,
        {{ steady('coalesce(windows.outage_minutes_28d, 0)') }} as outage_minutes_28d,
        {{ steady('coalesce(windows.usage_minutes_28d, 0)') }} as usage_minutes_28d
    from responses
    left join windows on responses.response_id = windows.response_id
    where exists (select 1 from {{ ref('stg_crm__usage_daily') }})
)

select * from final
