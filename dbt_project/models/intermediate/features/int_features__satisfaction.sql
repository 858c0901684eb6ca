with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

responses as (
    select
        *,
        {{ event_order('responded_at', 'response_id') }} as response_order
    from {{ ref('fct_survey_responses') }}
    where customer_key is not null
),

windows as (
    select
        responses.customer_key,
        snapshots.as_of,
        count(*) as survey_responses_365d,
        max(responses.responded_at) as last_responded_at,
        {{ value_at_max('responses.csat', 'case when responses.csat is not null then responses.response_order end') }} as last_csat,
        avg(responses.csat) as mean_csat_365d,
        {{ value_at_max('responses.nps', 'case when responses.nps is not null then responses.response_order end') }} as last_nps,
        avg(responses.nps) as mean_nps_365d,
        {{ value_at_max('responses.ces', 'case when responses.ces is not null then responses.response_order end') }} as last_ces
    from responses
    inner join snapshots
        on responses.responded_at < cast(snapshots.as_of as timestamp)
        and responses.responded_at >= {{ timestamp_add_days('snapshots.as_of', -365) }}
    group by responses.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.survey_responses_365d, 0) as double) as survey_responses_365d,
        cast({{ days_between('windows.last_responded_at', 'spine.as_of') }} as double) as days_since_last_response,
        cast(windows.last_csat as double) as last_csat,
        {{ steady('windows.mean_csat_365d') }} as mean_csat_365d,
        {{ steady('windows.last_csat - windows.mean_csat_365d') }} as csat_change,
        cast(windows.last_nps as double) as last_nps,
        {{ steady('windows.mean_nps_365d') }} as mean_nps_365d,
        {{ steady('windows.last_nps - windows.mean_nps_365d') }} as nps_change,
        cast(windows.last_ces as double) as last_ces
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('fct_survey_responses') }})
)

select * from final
